// The family of cards: a sign, a title, facts, and what can be done; when it is settled, what became of it is stamped on
// it and it folds.

import type { CommandKind, Entry } from '@order-chat/client'
import { ChevronDown, CircleCheck, CircleX, type LucideIcon } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { openCommand } from '../commands/open'
import { Button } from '../parts/button'
import { Moment } from '../parts/moment'
import { type Tone, tones } from '../parts/tag'
import { allows, useRoom } from '../room/context'
import type { Outcome } from '../room/outcomes'
import { actorName } from '../words/sentences'
import { useWords } from '../words/use-words'

interface Props {
  readonly entry: Entry
  readonly icon: LucideIcon
  readonly title: string
  readonly tone?: Tone
  readonly outcome?: Outcome | undefined
  /** Folds when settled; a delivery's files stay in reach. */
  readonly folds?: boolean
  /** What can be done from here, while it is not settled. */
  readonly offers?: readonly CommandKind[]
  readonly children?: ReactNode
}

export function Card({
  entry,
  icon: Icon,
  title,
  tone = 'accent',
  outcome,
  folds = true,
  offers = [],
  children,
}: Props) {
  const { telling } = useRoom()
  const { format } = useWords()
  const settled = outcome !== undefined
  const [open, setOpen] = useState<boolean>()
  // Paper cannot be unfolded.
  const shown = open ?? (format.onPaper || !(settled && folds))
  const id = useId()
  return (
    <article aria-label={title} className="flex justify-center px-4 py-2 sm:px-6">
      <div className="card w-full max-w-120 overflow-hidden rounded-lg border border-line bg-surface">
        <button
          type="button"
          aria-expanded={shown}
          aria-controls={id}
          onClick={() => setOpen(!shown)}
          className="flex w-full items-center gap-3 px-4 py-3 text-start -outline-offset-2 hover:bg-raised/50"
        >
          <span
            className={`flex size-8 shrink-0 items-center justify-center rounded-full ${settled ? 'bg-raised text-ink-2' : tones[tone]}`}
          >
            <Icon size={16} strokeWidth={1.5} aria-hidden />
          </span>
          <span className="flex min-w-0 grow flex-col">
            <span dir="auto" className="line-clamp-2 text-sm font-semibold text-ink">
              {title}
            </span>
            <span className="truncate text-xs text-ink-2">
              <bdi>{actorName(entry.by, telling)}</bdi> · <Moment at={entry.at} as="time" />
            </span>
          </span>
          <ChevronDown
            size={16}
            strokeWidth={1.5}
            aria-hidden
            className={`text-ink-3 transition-transform duration-120 ${shown ? 'rotate-180' : ''}`}
          />
        </button>
        <div id={id} hidden={!shown}>
          {shown && children && <div className="flex flex-col gap-3 px-4 pb-4 empty:hidden">{children}</div>}
        </div>
        {outcome ? <Stamp outcome={outcome} /> : !format.onPaper && <Offers offers={offers} />}
      </div>
    </article>
  )
}

function Stamp({ outcome }: { outcome: Outcome }) {
  const { telling } = useRoom()
  const { w, fill } = useWords()
  const Icon = outcome.good ? CircleCheck : CircleX
  const text = fill(w.outcomes[outcome.code], {
    by: actorName(outcome.by, telling),
    no: String(outcome.no ?? ''),
  })
  return (
    <p
      className={`flex items-center gap-2 border-t border-line px-4 py-2 text-xs font-medium ${outcome.good ? 'text-positive' : 'text-ink-2'}`}
    >
      <Icon size={14} strokeWidth={1.5} aria-hidden />
      <span className="min-w-0 grow">{text}</span>
      <Moment at={outcome.at} as="short" className="font-normal text-ink-3" />
    </p>
  )
}

function Offers({ offers }: { offers: readonly CommandKind[] }) {
  const { actions, room } = useRoom()
  const { w } = useWords()
  const possible = offers.filter(kind => allows(actions, kind))
  if (possible.length === 0) return null
  return (
    <div className="print:hidden flex flex-wrap gap-2 border-t border-line px-4 py-3">
      {possible.map(kind => (
        <Button key={kind} small onPress={() => openCommand({ order: room.order, kind })}>
          {w.commands[kind]?.submit}
        </Button>
      ))}
    </div>
  )
}

/** A fact: its name, and what it is. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-3 text-sm sm:gap-4">
      <dt className="w-28 shrink-0 sm:w-32 text-ink-2">{name}</dt>
      <dd dir="auto" className="min-w-0 grow [overflow-wrap:anywhere] text-ink">
        {children}
      </dd>
    </div>
  )
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="flex flex-col gap-1.5">{children}</dl>
}

/** Somebody's own words inside of a card. */
export function Said({ children }: { children: string }) {
  return (
    <p
      dir="auto"
      className="border-s-2 border-line-strong ps-3 text-sm whitespace-pre-wrap [overflow-wrap:anywhere] text-ink"
    >
      {children}
    </p>
  )
}
