import type { OrderSnapshot } from '@order-chat/client'
import { useWords } from '../words/use-words'

/** Each included revision as a pip: used ones are hollow (S18). */
export function Revisions({ order }: { order: OrderSnapshot }) {
  const { w } = useWords()
  const { allowed, remaining } = order.revisions
  if (allowed === 0) return <p className="text-sm text-ink-2">{w.status.noRevisions}</p>
  return (
    <div className="flex items-center gap-3">
      {allowed <= 12 && (
        <span className="flex flex-wrap gap-1" aria-hidden>
          {Array.from({ length: allowed }, (_, at) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: pips are all alike
              key={at}
              className={`badge h-2 w-5 rounded-full ${at < remaining ? 'bg-accent' : 'border border-line-strong'}`}
            />
          ))}
        </span>
      )}
      <p className="text-sm text-ink">{w.status.revisionsLeft(remaining, allowed)}</p>
    </div>
  )
}
