import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words'

export function HomeFrame({ title, word, children }: { title: string; word: string; children: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-220 flex-col gap-8 px-4 py-8 sm:px-8 sm:py-12">
      <header>
        <h1 dir="auto" className="truncate text-xl font-semibold tracking-tight">
          {title}
        </h1>
        {/* Its place is kept until it is known. */}
        <p className="mt-1 min-h-6 text-base text-ink-2">{word}</p>
      </header>
      {children}
    </div>
  )
}

export interface Figure {
  readonly label: string
  readonly n: number
  readonly tone?: 'accent' | 'danger'
}

export function Figures({ figures }: { figures: readonly Figure[] }) {
  const { format } = useWords()
  return (
    <dl className="grid grid-cols-2 divide-line rounded-lg border border-line bg-surface sm:grid-flow-col sm:auto-cols-fr sm:grid-cols-none sm:divide-x">
      {figures.map(({ label, n, tone }) => (
        <div key={label} className="flex flex-col gap-0.5 px-5 py-4">
          <dt className="truncate text-xs text-ink-2">{label}</dt>
          <dd
            className={`text-xl font-semibold ${n > 0 && tone === 'danger' ? 'text-danger' : n > 0 && tone === 'accent' ? 'text-accent' : 'text-ink'}`}
          >
            {format.number(n)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-sm font-semibold text-ink-2">{title}</h2>
      <div className="overflow-hidden rounded-lg border border-line bg-surface">{children}</div>
    </section>
  )
}

export function Sign({ icon: Icon, tint }: { icon: LucideIcon; tint: string }) {
  return (
    <span className={`flex size-9 shrink-0 items-center justify-center rounded-full ${tint}`}>
      <Icon size={18} strokeWidth={1.5} aria-hidden />
    </span>
  )
}
