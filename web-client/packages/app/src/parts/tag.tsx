import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words'

export type Tone = 'plain' | 'accent' | 'attention' | 'danger' | 'positive' | 'agent'

export const tones: Record<Tone, string> = {
  plain: 'bg-raised text-ink-2',
  accent: 'bg-accent-soft text-accent-strong',
  attention: 'bg-attention-soft text-attention',
  danger: 'bg-danger-soft text-danger',
  positive: 'bg-positive-soft text-positive',
  agent: 'bg-agent-soft text-agent',
}

export const toneText: Record<Tone, string> = {
  plain: 'text-ink-2',
  accent: 'text-accent',
  attention: 'text-attention',
  danger: 'text-danger',
  positive: 'text-positive',
  agent: 'text-agent',
}

export function Tag({
  tone = 'plain',
  icon: Icon,
  children,
}: {
  tone?: Tone
  icon?: LucideIcon
  children: ReactNode
}) {
  return (
    <span
      className={`badge inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {Icon && <Icon size={12} strokeWidth={2} aria-hidden />}
      {children}
    </span>
  )
}

/** A count that asks to be looked at. */
export function Count({ n, label }: { n: number; label: string }) {
  const { format } = useWords()
  if (n === 0) return null
  return (
    <span
      role="img"
      className="badge inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent"
      aria-label={label}
    >
      {n > 99 ? `${format.number(99)}+` : format.number(n)}
    </span>
  )
}
