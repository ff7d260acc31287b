// What the panel is made of: parts with a heading, and lines of a name and a value.

import type { ReactNode } from 'react'

export function Part({ title, aside, children }: { title?: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3 border-b border-line px-5 py-4 last:border-0">
      {title && (
        <div className="flex items-baseline justify-between gap-3">
          <h2 className="text-xs font-semibold text-ink-2">{title}</h2>
          {aside && <span className="text-xs text-ink-3">{aside}</span>}
        </div>
      )}
      {children}
    </section>
  )
}

export function Line({ name, children, strong }: { name: string; children: ReactNode; strong?: boolean }) {
  return (
    <div className="flex justify-between gap-4 text-sm">
      <dt className="shrink-0 text-ink-2">{name}</dt>
      <dd
        dir="auto"
        className={`min-w-0 text-end [overflow-wrap:anywhere] text-ink ${strong ? 'font-semibold' : ''}`}
      >
        {children}
      </dd>
    </div>
  )
}
