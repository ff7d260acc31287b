// What happened, as one slim line in the middle; who, when, old and new, and why unfold on demand.

import type { Entry, Event, Item } from '@order-chat/client'
import { Bot, ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { useRoom } from '../room/context'
import { actorName, eventText, promptText, type Telling, termLines } from '../words/sentences'
import { useWords } from '../words/use-words'
import { iconOf } from './icons'

export function EventRow({ item }: { item: Item }) {
  const { telling } = useRoom()
  const { entry } = item
  const { w, format } = useWords()
  const [open, setOpen] = useState(false)
  const id = useId()
  const Icon = iconOf(entry.event.type)
  return (
    <div className="flex flex-col items-center px-6 py-1.5">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        title={format.exact(entry.at)}
        className="flex max-w-full items-center gap-2 rounded-full px-3 py-1 text-xs text-ink-2 hover:bg-raised pointer-coarse:min-h-11"
      >
        <Icon size={14} strokeWidth={1.5} aria-hidden className="text-ink-3" />
        <span className="min-w-0 text-start [overflow-wrap:anywhere]">
          {eventText(entry.event, entry.by, telling)}
        </span>
        <span className="whitespace-nowrap text-ink-3">{format.time(entry.at)}</span>
        <ChevronDown
          size={12}
          strokeWidth={2}
          aria-hidden
          className={`text-ink-3 transition-transform duration-120 ${open ? 'rotate-180' : ''}`}
        />
        <span className="sr-only">{w.room.details}</span>
      </button>
      <div id={id} hidden={!open}>
        {open && <Details entry={entry} />}
      </div>
    </div>
  )
}

export function Details({ entry }: { entry: Entry }) {
  const { w, format } = useWords()
  const { telling } = useRoom()
  const reason = 'reason' in entry.event ? entry.event.reason : undefined
  return (
    <dl className="rise mt-1 grid max-w-md grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-lg border border-line bg-surface px-4 py-3 text-xs">
      <dt className="text-ink-3">{w.room.by}</dt>
      <dd>{actorName(entry.by, telling)}</dd>
      <dt className="text-ink-3">{w.room.when}</dt>
      <dd>{format.exact(entry.at)}</dd>
      {reason && (
        <>
          <dt className="text-ink-3">{w.cards.reason}</dt>
          <dd dir="auto" className="whitespace-pre-wrap">
            {reason}
          </dd>
        </>
      )}
      <Change event={entry.event} />
      <dt className="text-ink-3">{w.room.support}</dt>
      <dd className="text-ink-3">
        {w.room.entry(entry.seq)} · {entry.event.type}
      </dd>
    </dl>
  )
}

function Change({ event }: { event: Event }) {
  const { telling } = useRoom()
  if (event.type !== 'contract.updated') return null
  const old = termLines(event.old, telling)
  return termLines(event.new, telling).map(({ field, label, value }) => (
    <div key={field} className="contents">
      <dt className="text-ink-3">{label}</dt>
      <dd>
        <s className="text-ink-3">{old.find(line => line.field === field)?.value}</s> {value}
      </dd>
    </div>
  ))
}

/** What the chatbot said: small, since the next step stands above the composer. */
export function PromptRow({ item }: { item: Item }) {
  const { telling } = useRoom()
  const { w, format } = useWords()
  const { entry } = item
  if (entry.event.type !== 'bot.prompted') return null
  const { because } = entry.event
  return (
    <div
      className="mx-auto flex max-w-128 flex-col gap-1 px-6 pt-0.5 pb-2"
      title={`${w.roles.bot}, ${format.exact(entry.at)}. ${w.room.because} ${because.map(w.room.entry).join(', ')}`}
    >
      {said(entry.event, telling).map(({ to, text }) => (
        <p key={to.join()} className="flex items-start gap-2 text-xs text-ink-2">
          <Bot size={14} strokeWidth={1.5} aria-hidden className="mt-px text-ink-3" />
          <span className="sr-only">{w.roles.bot}: </span>
          {/* Our sentence, in the page's direction, whatever name it begins with. */}
          <span className="min-w-0 text-pretty [overflow-wrap:anywhere]">
            {to.length > 0 && (
              <b className="font-semibold">
                <Names of={to} />:{' '}
              </b>
            )}
            {text}
          </span>
        </p>
      ))}
    </div>
  )
}

/** Joined as the page does it; each runs its own way. */
function Names({ of: names }: { of: readonly string[] }) {
  const { format } = useWords()
  return format
    .listParts(names)
    .map(({ type, value }) => (type === 'element' ? <bdi key={value}>{value}</bdi> : value))
}

/** To the reader; to the staff what both were told, once if it was the same. */
function said(
  event: Extract<Event, { type: 'bot.prompted' }>,
  telling: Telling,
): { to: readonly string[]; text: string }[] {
  if (telling.mine) return [{ to: [], text: promptText(event[telling.mine], telling) }]
  const buyer = promptText(event.buyer, { ...telling, mine: 'buyer' })
  const seller = promptText(event.seller, { ...telling, mine: 'seller' })
  const { buyer: b, seller: s } = telling
  return buyer === seller
    ? [{ to: [b, s], text: buyer }]
    : [
        { to: [b], text: buyer },
        { to: [s], text: seller },
      ]
}
