// The conversations that are seen, of however many there are. The open one, the one with the focus, and their neighbours are
// always there: keys go from one to the next.

import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { Drafts } from '../room/drafts'
import { ConversationLine } from './conversation-line'
import { type Line, numberOf } from './lines'

interface Props {
  readonly lines: readonly Line[]
  /** Those that are told apart by their numbers only. */
  readonly twins: ReadonlySet<string>
  readonly here: string | undefined
  readonly me: string
  readonly now: number
  readonly drafts: Drafts
  readonly scroller: RefObject<HTMLDivElement | null>
}

const LINE_PX = 76
const PADDING_PX = 8

export function VirtualLines({ lines, twins, here, me, now, drafts, scroller }: Props) {
  const focused = useRef<string>(undefined)
  const at = (order: string | undefined) =>
    order === undefined ? -1 : lines.findIndex(({ room }) => room.order === order)
  const open = at(here)
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: useCallback((at: number) => lines[at]?.room.order ?? at, [lines]),
    overscan: 6,
    paddingStart: PADDING_PX,
    paddingEnd: PADDING_PX,
    rangeExtractor: (range: Range) => withNeighbours(range, [Math.max(open, 0), at(focused.current)]),
  })
  // Opened by a key or from elsewhere: it comes into sight; a list that changes its order scrolls nobody.
  const latest = useRef({ list, open })
  latest.current = { list, open }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another one is opened
  useEffect(() => {
    if (latest.current.open >= 0) latest.current.list.scrollToIndex(latest.current.open, { align: 'auto' })
  }, [here])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it watches which of the links inside has the focus
    <div
      data-count={lines.length}
      className="relative shrink-0"
      style={{ height: list.getTotalSize() }}
      onFocus={({ target }) => {
        focused.current = target.closest<HTMLElement>('[data-order]')?.dataset.order
      }}
      onBlur={() => {
        focused.current = undefined
      }}
    >
      {list.getVirtualItems().map(({ key, index, start }) => {
        const line = lines[index]
        if (!line) return null
        const { order } = line.room
        return (
          <div
            key={key}
            ref={list.measureElement}
            data-index={index}
            data-order={order}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start}px)` }}
          >
            <ConversationLine
              line={line}
              me={me}
              number={twins.has(order) ? numberOf(line.room) : undefined}
              here={order === here}
              draft={order !== here && drafts.has(order)}
              onTheWay={index === Math.max(open, 0)}
              now={now}
            />
          </div>
        )
      })}
    </div>
  )
}

function withNeighbours(range: Range, centres: readonly number[]): number[] {
  const also = centres
    .filter(at => at >= 0)
    .flatMap(at => [at - 1, at, at + 1])
    .filter(at => at >= 0 && at < range.count)
  return [...new Set([...defaultRangeExtractor(range), ...also])].sort((a, b) => a - b)
}
