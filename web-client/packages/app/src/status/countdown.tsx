// The clock of the present step, large, with where its end comes from (D9).

import type { OrderSnapshot } from '@order-chat/client'
import { CirclePause } from 'lucide-react'
import { useRoom, useRoomState } from '../room/context'
import { clockOf } from '../room/next-step'
import { useNow } from '../time/clock'
import { namesIn } from '../words/sentences'
import { useWords } from '../words/use-words'

export function Countdown({ order }: { order: OrderSnapshot }) {
  const { w, format, fill } = useWords()
  const { telling } = useRoom()
  const { entries } = useRoomState()
  const now = useNow(10_000)
  const clock = clockOf(order)
  if (!clock) return null
  if (clock.paused)
    return (
      <div className="card flex items-center gap-3 rounded-lg bg-raised px-4 py-3">
        <CirclePause size={20} strokeWidth={1.5} aria-hidden className="text-ink-3" />
        <p className="text-sm">
          <span className="block font-medium">{w.status.paused}</span>
          <span className="text-xs text-ink-2">
            {order.case ? w.status.pausedCase : w.status.pausedAnswers}
          </span>
        </p>
      </div>
    )
  const left = format.left(clock.at, now)
  const over = left.urgency === 'over'
  const what: Partial<Record<typeof clock.kind, string>> = {
    due: over ? w.status.overdueSince : w.status.untilDue,
    review: w.status.untilReview,
    accept: fill(w.status.untilAccept, namesIn(telling)),
    proposal: w.status.untilProposal,
    resolution: w.status.untilResolution,
  }
  const tone = over
    ? 'bg-danger-soft text-danger'
    : left.urgency === 'soon'
      ? 'bg-attention-soft text-attention'
      : 'bg-raised text-ink'
  const seq = order.timers.find(({ kind }) => kind === clock.kind)?.because
  // What is further up than was read is not told.
  const because = entries.find(entry => entry.seq === seq)
  return (
    <div className={`card rounded-lg px-4 py-3 ${tone}`}>
      <p className="text-lg font-semibold">{format.onPaper ? format.moment(clock.at) : left.text}</p>
      <p className="text-xs">
        {what[clock.kind]}
        {!format.onPaper && ` · ${format.moment(clock.at)}`}
      </p>
      {clock.kind === 'review' && !over && order.policy.on_review_timeout === 'accept' && !owes(order) && (
        <p className="mt-1 text-xs text-ink-2">{w.status.reviewAccepts}</p>
      )}
      {because && (
        <p className="mt-1 text-xs text-ink-2">
          {fill(w.status.clockFrom, {
            what: w.previews[because.event.type] ?? because.event.type,
            at: format.moment(because.at),
          })}
        </p>
      )}
    </div>
  )
}

/** Work that nobody has paid for is not accepted by silence. */
function owes({ settlement, payment }: OrderSnapshot): boolean {
  return settlement === 'direct' && payment.status !== 'paid'
}
