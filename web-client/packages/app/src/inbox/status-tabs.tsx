import type { InboxTab } from '@order-chat/client'
import { type KeyboardEvent, useRef } from 'react'
import { useWords } from '../words/use-words'

const TABS: readonly InboxTab[] = ['all', 'new', 'active', 'delivered', 'disputed', 'done', 'conversations']

interface Props {
  readonly tab: InboxTab
  readonly counts: Readonly<Partial<Record<InboxTab, number>>>
  readonly onChoose: (tab: InboxTab) => void
}

/** Tabs with counts; empty ones stay away unless they are open. */
export function StatusTabs({ tab, counts, onChoose }: Props) {
  const { w, format } = useWords()
  const strip = useRef<HTMLDivElement>(null)
  const shown = TABS.filter(one => one === 'all' || one === tab || (counts[one] ?? 0) > 0)
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const way = document.documentElement.dir === 'rtl' ? -step : step
    const next = shown[shown.indexOf(tab) + way]
    if (step === 0 || !next) return
    event.preventDefault()
    onChoose(next)
    strip.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
  }
  return (
    <div
      ref={strip}
      role="tablist"
      data-scrolls
      aria-label={w.inbox.tabsLabel}
      onKeyDown={move}
      className="flex flex-wrap gap-1 pb-1 pointer-coarse:flex-nowrap pointer-coarse:overflow-x-auto pointer-coarse:pb-0 pointer-coarse:[scrollbar-width:none]"
    >
      {shown.map(one => {
        const here = one === tab
        return (
          <button
            key={one}
            type="button"
            role="tab"
            data-tab={one}
            aria-selected={here}
            tabIndex={here ? 0 : -1}
            onClick={() => onChoose(one)}
            className="flex shrink-0 items-center justify-center rounded-full -outline-offset-2 pointer-coarse:h-11 pointer-coarse:min-w-11"
          >
            <span
              className={`badge flex h-7 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium whitespace-nowrap pointer-coarse:h-8 ${here ? 'bg-ink text-surface' : 'text-ink-2 hover:bg-raised'}`}
            >
              {w.inbox.tabs[one]}
              {(counts[one] ?? 0) > 0 && (
                <span className={here ? 'opacity-80' : 'text-ink-3'}>{format.number(counts[one] ?? 0)}</span>
              )}
            </span>
          </button>
        )
      })}
    </div>
  )
}
