// The timeline: only what is seen is in the page, history that is loaded above does not move the reader, and what comes
// while the reader is elsewhere waits under a pill.

import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../parts/button'
import { useWords } from '../words/use-words'
import { Announcer, newsAfter } from './announcer'
import { useRoom, useRoomState, useWriting } from './context'
import { keepPlace, placeIn } from './places'
import { type Row, RowList } from './rows'
import { TimelineRow } from './timeline-row'
import { useUnreadAfter } from './visit'

/** Nearer than this to the end is at the end. */
const NEAR_END = 64
/** Entries that are asked for at once. */
const OLDER = 100

export function Timeline() {
  const { room, me } = useRoom()
  const state = useRoomState()
  const { w } = useWords()
  const unreadAfter = useUnreadAfter()
  const { items, pending, reachedStart } = state
  const [rowList] = useState(() => new RowList())
  const rows = useMemo(
    () => rowList.next({ items, pending, me, unreadAfter, reachedStart }),
    [rowList, items, pending, me, unreadAfter, reachedStart],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const place = useMemo(() => placeIn(room.order), [room])
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback((at: number) => estimate(rows[at]), [rows]),
    getItemKey: useCallback((at: number) => rows[at]?.key ?? at, [rows]),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    overscan: 8,
    paddingStart: 12,
    paddingEnd: 12,
    ...(place ? { initialOffset: place.offset, initialMeasurementsCache: place.sizes } : {}),
  })
  list.shouldAdjustScrollPositionOnItemSizeChange = liesAbove
  const atEnd = list.getDistanceFromEnd() < NEAR_END
  const missed = useMissed(atEnd)
  useStart(list, rows, place !== undefined)
  useRead(atEnd)
  useMine(list)
  useKeptPlace(room.order, list, scroller)
  const shown = list.getVirtualItems()
  const firstShown = shown[0]?.index ?? 0
  const canLoad = !reachedStart && !state.loadingOlder && state.status === 'live'
  useEffect(() => {
    if (canLoad && firstShown < 6) room.loadOlder(OLDER)
  }, [canLoad, firstShown, room])

  return (
    <div className="relative min-h-0 grow">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={w.room.timeline}
        className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div className="relative w-full" style={{ height: list.getTotalSize() }}>
          {shown.map(({ key, index, start }) => {
            const row = rows[index]
            return (
              row && (
                <div
                  key={key}
                  data-index={index}
                  ref={list.measureElement}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <TimelineRow row={row} />
                </div>
              )
            )
          })}
        </div>
        {state.loadingOlder && (
          <p className="absolute inset-x-0 top-2 text-center text-xs text-ink-3">
            {state.olderFailed ? w.room.olderFailed : w.room.older}
          </p>
        )}
      </div>
      {!atEnd && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            small
            icon={ArrowDown}
            className="rise pointer-events-auto rounded-full shadow-float"
            onPress={() => list.scrollToEnd()}
          >
            {missed > 0 ? w.room.newMessages(missed) : w.room.toEnd}
          </Button>
        </div>
      )}
      <Announcer />
    </div>
  )
}

type Plain = Virtualizer<HTMLDivElement, Element>
type List = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

/** What changes its height above the reader moves nobody, whichever way they scroll: history that comes takes the name and
 * the time from the first row that stood there. A row that was only estimated counts by its top. */
function liesAbove({ key, start, end }: VirtualItem, _delta: number, list: Plain): boolean {
  const offset = list.scrollOffset ?? 0
  return list.itemSizeCache.has(key) ? end <= offset : start < offset
}

/** The first look: at the unread divider, else at the end; or where the reader was before. */
function useStart(list: List, rows: readonly Row[], kept: boolean): void {
  const begun = useRef(kept)
  // A list that is mounted again begins again.
  useLayoutEffect(
    () => () => {
      begun.current = kept
    },
    [kept],
  )
  useLayoutEffect(() => {
    if (begun.current || rows.length === 0) return
    begun.current = true
    const unread = rows.findIndex(({ kind }) => kind === 'unread')
    if (unread > 0) list.scrollToIndex(unread, { align: 'start' })
    else list.scrollToEnd()
  }, [list, rows])
}

/** What was sent from here is seen, wherever the reader was. */
function useMine(list: List): void {
  const { sent } = useWriting()
  useEffect(() => sent.subscribe(() => list.scrollToEnd()), [sent, list])
}

/** Entries of others that came since the reader left the end. */
function useMissed(atEnd: boolean): number {
  const { me } = useRoom()
  const { items, head } = useRoomState()
  const [leftAt, setLeftAt] = useState<number>()
  useEffect(() => {
    setLeftAt(before => (atEnd ? undefined : (before ?? head)))
  }, [atEnd, head])
  return leftAt === undefined ? 0 : newsAfter(items, leftAt, me).length
}

/** The place is kept for the next visit. Whoever is at the end stays there when the room for the timeline changes: a longer text, a keyboard on the screen. */
function useKeptPlace(order: string, list: List, scroller: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    let atEnd = placeIn(order) === undefined
    const look = () => {
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END
      keepPlace(order, atEnd ? undefined : { offset: element.scrollTop, sizes: list.measurementsCache })
    }
    const watch = new ResizeObserver(() => {
      if (atEnd) list.scrollToEnd()
    })
    element.addEventListener('scroll', look, { passive: true })
    watch.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      watch.disconnect()
    }
  }, [order, list, scroller])
}

/** Everything here is read while the reader is at its end and looks. */
function useRead(atEnd: boolean): void {
  const { room } = useRoom()
  const state = useRoomState()
  const last = state.entries.at(-1)?.seq ?? 0
  const live = state.status === 'live'
  useEffect(() => {
    if (!atEnd || !live || last === 0) return
    const read = () => {
      if (!document.hidden && document.hasFocus()) room.read(last)
    }
    read()
    window.addEventListener('focus', read)
    document.addEventListener('visibilitychange', read)
    return () => {
      window.removeEventListener('focus', read)
      document.removeEventListener('visibilitychange', read)
    }
  }, [atEnd, live, last, room])
}

function estimate(row: Row | undefined): number {
  switch (row?.kind) {
    case 'card':
      return 200
    case 'message':
    case 'pending':
      return 64
    default:
      return 36
  }
}
