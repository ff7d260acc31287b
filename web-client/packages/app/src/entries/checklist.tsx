// The changes that were asked for, to tick off beside the delivery that should have them (D8).

import type { Entry, Event, OrderId } from '@order-chat/client'
import { useMemo } from 'react'
import { useRoom, useRoomState } from '../room/context'
import { useSessionIfAny } from '../session/session'
import { useStore, Value } from '../store'
import { useWords } from '../words/use-words'
import { listOf } from './ticks'

type Asked = Extract<Event, { type: 'revision.requested' }>

const none = new Value<Readonly<Record<string, readonly number[]>>>({})

/** The last request for changes before this entry, or before now. */
export function lastAsked(entries: readonly Entry[], before = Number.POSITIVE_INFINITY): Asked | undefined {
  const found = entries.findLast(({ seq, event }) => seq < before && event.type === 'revision.requested')
  return found?.event.type === 'revision.requested' ? found.event : undefined
}

/** What of it is not ticked off: what the next request begins with. */
export function openPoints(
  entries: readonly Entry[],
  order: OrderId,
  ticked: Readonly<Record<string, readonly number[]>>,
): readonly string[] {
  const asked = lastAsked(entries)
  if (!asked?.points) return []
  const done = ticked[listOf(order, asked.no)] ?? []
  return done.length > 0 ? asked.points.filter((_, at) => !done.includes(at)) : []
}

export function Checklist({ before }: { before?: number }) {
  const { room } = useRoom()
  const state = useRoomState()
  const { w } = useWords()
  const ticks = useSessionIfAny()?.ticks
  const ticked = useStore(ticks ?? none)
  const asked = useMemo(() => lastAsked(state.entries, before), [state.entries, before])
  if (!asked?.points || asked.points.length === 0) return null
  const list = listOf(room.order, asked.no)
  const done = ticked[list] ?? []
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-xs font-semibold text-ink-2">
        {w.files.askedFor(done.length, asked.points.length)}
      </legend>
      {asked.points.map((point, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points have nothing else to be known by
        <label key={at} className="flex items-start gap-2.5 py-0.5 text-sm pointer-coarse:min-h-11">
          <input
            type="checkbox"
            checked={done.includes(at)}
            onChange={() => ticks?.toggle(list, at)}
            className="mt-[3px] size-4 shrink-0 accent-accent"
          />
          <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
            {point}
          </span>
        </label>
      ))}
      <p className="text-xs text-ink-3">{w.files.ticksAreYours}</p>
    </fieldset>
  )
}
