// Placed → Accepted → Delivered → Completed, with the loop of revisions and the branch of a case where they happened.

import type { OrderSnapshot } from '@order-chat/client'
import { Check, CircleX, Scale } from 'lucide-react'
import { labelText } from '../words/sentences'
import { useWords } from '../words/use-words'
import { type Stage, stagesOf } from './stages'

export function Rail({ order }: { order: OrderSnapshot }) {
  const { w } = useWords()
  return (
    <ol className="flex flex-col">
      {stagesOf(order).map((stage, at, all) => (
        <li key={stage.name} aria-current={stage.is === 'now' ? 'step' : undefined} className="flex gap-3">
          <div className="flex flex-col items-center">
            <Dot stage={stage} />
            {at < all.length - 1 && (
              <span
                className={`my-0.5 w-px grow ${stage.is === 'done' ? 'bg-positive' : 'bg-line-strong'}`}
              />
            )}
          </div>
          <div className={`flex min-w-0 grow flex-col ${at < all.length - 1 ? 'pb-4' : ''}`}>
            <span
              className={`text-sm ${stage.is === 'now' ? 'font-semibold text-ink' : stage.is === 'ended' ? 'font-semibold text-danger' : stage.is === 'done' ? 'text-ink' : 'text-ink-3'}`}
            >
              {stage.is === 'ended'
                ? (w.status.ends[order.state] ?? labelText(order.label, w))
                : w.status.rail[stage.name]}
            </span>
            {stage.revisions > 0 && (
              <span className="text-xs text-ink-2">{w.status.revisionLoop(stage.revisions)}</span>
            )}
            {stage.is === 'now' && <Branch order={order} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Branch({ order }: { order: OrderSnapshot }) {
  const { w } = useWords()
  if (!order.case) {
    const label = labelText(order.label, w)
    const said = Object.values(w.status.rail).includes(label)
    return said ? null : <span className="text-xs text-ink-2">{label}</span>
  }
  return (
    <span className="mt-1 flex items-center gap-1.5 text-xs font-medium text-danger">
      <Scale size={14} strokeWidth={1.5} aria-hidden />
      {w.status.cases[order.case.kind]}
    </span>
  )
}

function Dot({ stage }: { stage: Stage }) {
  const look = {
    done: 'bg-positive text-surface',
    now: 'bg-accent text-on-accent',
    next: 'border border-line-strong bg-surface',
    ended: 'bg-danger text-surface',
  }[stage.is]
  return (
    <span
      className={`badge flex size-5 shrink-0 items-center justify-center rounded-full ${look}`}
      aria-hidden
    >
      {stage.is === 'done' && <Check size={12} strokeWidth={2.5} />}
      {stage.is === 'ended' && <CircleX size={12} strokeWidth={2} />}
      {stage.is === 'now' && <span className="size-1.5 rounded-full bg-current" />}
    </span>
  )
}
