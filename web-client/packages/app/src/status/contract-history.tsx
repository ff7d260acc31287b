// The terms that hold, and how they came to be.

import type { Entry, Event, OrderSnapshot, TimerKind } from '@order-chat/client'
import { ArrowRight } from 'lucide-react'
import { useRef } from 'react'
import { Moment } from '../parts/moment'
import { useRoom, useRoomState } from '../room/context'
import { actorName, termLines } from '../words/sentences'
import { useWords } from '../words/use-words'
import { fill } from '../words/words'
import { Line } from './parts'

export function ContractHistory() {
  const { order, telling } = useRoom()
  const { w, format } = useWords()
  const changes = useChanges()
  if (!order) return null
  return (
    <div className="flex flex-col gap-3">
      <dl className="flex flex-col gap-1.5">
        <Line name={w.status.due}>
          {waitsForAnswers(order) ? (
            w.status.dueWaits
          ) : order.due_at ? (
            <Moment at={order.due_at} />
          ) : (
            w.status.dueFrom
          )}
        </Line>
        {order.review_by && (
          <Line name={w.status.reviewBy}>
            {stands(order, 'review') ? w.status.paused : <Moment at={order.review_by} />}
          </Line>
        )}
        <Line name={w.terms.revisions}>{format.number(order.revisions.allowed)}</Line>
        <Line name={w.terms.price}>{format.money(order.price)}</Line>
      </dl>
      {changes.length > 0 && (
        <ol className="flex flex-col gap-2 border-t border-line pt-3">
          {[...changes].reverse().map(({ entry, event }) => {
            const old = termLines(event.old, telling)
            return (
              <li key={entry.seq} className="flex flex-col gap-0.5 text-xs text-ink-2">
                <span className="flex justify-between gap-2">
                  <span>
                    {fill(event.proposal ? w.status.acceptedBy : w.status.setBy, {
                      name: actorName(entry.by, telling),
                    })}
                  </span>
                  <Moment at={entry.at} as="short" className="text-ink-3" />
                </span>
                {termLines(event.new, telling).map(({ field, label, value }) => (
                  <span key={field} className="flex flex-wrap items-center gap-1.5">
                    {label}: <s className="text-ink-3">{old.find(line => line.field === field)?.value}</s>
                    <ArrowRight size={12} strokeWidth={1.5} aria-hidden />
                    <span className="font-medium text-ink">{value}</span>
                  </span>
                ))}
              </li>
            )
          })}
        </ol>
      )}
    </div>
  )
}

interface Change {
  readonly entry: Entry
  readonly event: Extract<Event, { type: 'contract.updated' }>
}

function stands({ timers }: Pick<OrderSnapshot, 'timers'>, clock: TimerKind): boolean {
  return timers.some(({ kind, paused }) => kind === clock && paused)
}

/** A case stops the clock too; the date stands then. */
function waitsForAnswers({ timers, requirements: { form, answers } }: OrderSnapshot): boolean {
  return stands({ timers }, 'due') && form.some(({ id, required }) => required && !(id in answers))
}

/** Only what came since the last look is looked through. */
function useChanges(): readonly Change[] {
  const { entries } = useRoomState()
  const known = useRef<{ entries: readonly Entry[]; changes: readonly Change[] }>({
    entries: [],
    changes: [],
  })
  const before = known.current
  const goesOn = entries[0] === before.entries[0] && entries.length >= before.entries.length
  const fresh = (goesOn ? entries.slice(before.entries.length) : entries).flatMap(entry =>
    entry.event.type === 'contract.updated' ? [{ entry, event: entry.event }] : [],
  )
  const changes =
    fresh.length === 0 && goesOn ? before.changes : [...(goesOn ? before.changes : []), ...fresh]
  known.current = { entries, changes }
  return changes
}
