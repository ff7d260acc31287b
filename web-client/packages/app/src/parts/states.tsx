// What a screen shows instead of its content: nothing yet, loading, failed.

import { CloudOff, type LucideIcon, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words'
import { Button } from './button'

export function Empty({
  icon: Icon,
  title,
  hint,
  children,
}: {
  icon: LucideIcon
  title: string
  hint?: string
  children?: ReactNode
}) {
  return (
    <div className="m-auto flex max-w-80 flex-col items-center gap-3 px-6 py-12 text-center">
      <span className="flex size-12 items-center justify-center rounded-full bg-raised text-ink-3">
        <Icon size={22} strokeWidth={1.5} aria-hidden />
      </span>
      <p className="text-base font-semibold text-balance text-ink">{title}</p>
      {hint && <p className="text-sm text-balance text-ink-2">{hint}</p>}
      {children && <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}

export function Failed({
  title,
  problem,
  retry,
}: {
  title?: string
  problem?: string | undefined
  retry?: () => void
}) {
  const { w } = useWords()
  return (
    <div role="alert" className="m-auto">
      <Empty icon={CloudOff} title={title ?? w.states.failed} {...(problem ? { hint: problem } : {})}>
        {retry && (
          <Button icon={RotateCw} onPress={retry}>
            {w.states.retry}
          </Button>
        )}
      </Empty>
    </div>
  )
}

/** Grey shapes of what comes; they show themselves only after a moment. */
export function Skeleton({ rows = 5, kind = 'list' }: { rows?: number; kind?: 'list' | 'talk' | 'facts' }) {
  const { w } = useWords()
  return (
    <div className="late flex w-full flex-col gap-4 p-4" role="status" aria-label={w.states.loading}>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content never move
        <div key={at} className={`flex gap-3 ${kind === 'talk' && at % 3 === 1 ? 'flex-row-reverse' : ''}`}>
          {kind !== 'facts' && <div className="skeleton size-8 rounded-full" />}
          <div className={`flex flex-col gap-2 ${kind === 'talk' ? 'w-1/2' : 'grow'}`}>
            <div className="skeleton h-3 w-2/3" />
            <div className={`skeleton ${kind === 'talk' ? 'h-12' : 'h-3'} w-full`} />
          </div>
        </div>
      ))}
    </div>
  )
}
