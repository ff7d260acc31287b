// One message of a person: mine at the end side, theirs at the start side, the agent's with a badge and a tint.

import type { Item } from '@order-chat/client'
import { Check, CheckCheck, Copy, CornerUpLeft, Ellipsis, Pencil, Undo2 } from 'lucide-react'
import { openCommand } from '../commands/open'
import { Files } from '../files/file-list'
import { Avatar } from '../parts/avatar'
import { type Choice, Menu } from '../parts/menu'
import { Moment } from '../parts/moment'
import { PersonText } from '../parts/person-text'
import { Tag } from '../parts/tag'
import { say } from '../parts/toast'
import { serverNow } from '../time/clock'
import { useWords } from '../words/use-words'
import { spoken } from '../words/words'
import { nameOf, useRoom, useRoomState, useSeenTo, useWriting } from './context'
import { quoteOf } from './quote'

const EDIT_MS = 15 * 60_000

interface Props {
  readonly item: Item
  readonly mine: boolean
  readonly first: boolean
  readonly last: boolean
}

export function MessageRow({ item, mine, first, last }: Props) {
  const { room } = useRoom()
  const { entry, retracted } = item
  const { by } = entry
  const name = by.name ?? nameOf(room.getSnapshot(), by.user ?? '')
  const staff = by.role === 'agent' || by.role === 'admin'
  const { w } = useWords()
  return (
    <article
      aria-label={name}
      className={`group flex gap-2 px-4 sm:px-6 ${mine ? 'flex-row-reverse' : ''} ${first ? 'pt-3' : 'pt-0.5'}`}
    >
      {!mine && <div className="w-8 shrink-0">{first && <Avatar name={name} role={by.role} />}</div>}
      <div className={`flex max-w-[min(36rem,82%)] min-w-0 flex-col ${mine ? 'items-end' : 'items-start'}`}>
        {first && !mine && (
          <div className="mb-1 flex items-center gap-2 text-xs font-semibold text-ink-2">
            <span dir="auto" className="truncate">
              {name}
            </span>
            {staff && <Tag tone="agent">{w.roles[by.role]}</Tag>}
          </div>
        )}
        <div className={`flex max-w-full min-w-0 items-center gap-1 ${mine ? 'flex-row-reverse' : ''}`}>
          <Bubble item={item} mine={mine} staff={staff} first={first} last={last} />
          {!retracted && <MessageMenu item={item} mine={mine} />}
        </div>
        {last && <Foot item={item} mine={mine} />}
      </div>
    </article>
  )
}

export function bubbleLook({
  mine,
  staff,
  first,
  last,
}: {
  mine: boolean
  staff: boolean
  first: boolean
  last: boolean
}): string {
  const tint = staff ? 'bg-agent-soft' : mine ? 'bg-accent-soft' : 'bg-raised'
  const corners = mine
    ? `${first ? '' : 'rounded-se-sm'} ${last ? '' : 'rounded-ee-sm'}`
    : `${first ? '' : 'rounded-ss-sm'} ${last ? '' : 'rounded-es-sm'}`
  return `bubble min-w-0 rounded-lg px-3 py-2 text-sm text-ink ${tint} ${corners}`
}

function Bubble({ item, mine, staff, first, last }: Props & { staff: boolean }) {
  const { w } = useWords()
  const event = item.entry.event.type === 'message.posted' ? item.entry.event : undefined
  if (item.retracted) {
    return (
      <p className="rounded-lg border border-dashed border-line-strong px-3 py-2 text-sm text-ink-3 italic">
        {w.message.retracted}
      </p>
    )
  }
  return (
    <div className={bubbleLook({ mine, staff, first, last })}>
      {event?.reply_to !== undefined && <Quote seq={event.reply_to} />}
      {item.text !== undefined && <PersonText text={item.text} />}
      {event?.files && <Files files={event.files} />}
      {item.edited && (
        <span className="text-xs text-ink-3" title={item.edited.at}>
          {w.message.edited}
        </span>
      )}
    </div>
  )
}

function Quote({ seq }: { seq: number }) {
  const { telling } = useRoom()
  const { items } = useRoomState()
  const { w, fill } = useWords()
  const quote = quoteOf(items, seq, telling)
  return (
    <blockquote className="mb-1.5 border-s-2 border-accent ps-2 text-xs text-ink-2">
      <span className="block font-semibold">
        {quote ? fill(w.message.repliesTo, { name: quote.name }) : w.message.replyGone}
      </span>
      {quote && (
        <span dir="auto" className="line-clamp-2">
          {quote.text}
        </span>
      )}
    </blockquote>
  )
}

function Foot({ item, mine }: { item: Item; mine: boolean }) {
  const { w } = useWords()
  const seenTo = useSeenTo()
  const seen = mine && seenTo >= item.entry.seq
  const Receipt = seen ? CheckCheck : Check
  return (
    <div className="mt-1 flex items-center gap-1 text-xs text-ink-3">
      <Moment at={item.entry.at} as="time" />
      {mine && !item.retracted && (
        <span className="inline-flex items-center gap-1" title={seen ? w.message.seen : w.message.stored}>
          <Receipt size={14} strokeWidth={1.5} aria-hidden className={seen ? 'text-accent' : ''} />
          <span className="sr-only">{seen ? w.message.seen : w.message.stored}</span>
        </span>
      )}
    </div>
  )
}

function MessageMenu({ item, mine }: { item: Item; mine: boolean }) {
  const { room, actions } = useRoom()
  const writing = useWriting()
  const { w } = useWords()
  const { entry, text } = item
  const writes = actions.some(({ command, allowed }) => command === 'post_message' && allowed)
  const young = serverNow() - Date.parse(entry.at) < EDIT_MS
  const choices: Choice[] = [
    ...(writes
      ? [
          {
            id: 'reply',
            label: w.message.reply,
            icon: CornerUpLeft,
            run: () => writing.reply(entry.seq),
          },
        ]
      : []),
    ...(text
      ? [{ id: 'copy', label: w.message.copy, icon: Copy, run: () => copy(text, w.message.copied) }]
      : []),
    ...(mine && writes && young && text
      ? [
          {
            id: 'edit',
            label: w.message.edit,
            icon: Pencil,
            run: () => writing.edit(entry.seq, text),
          },
        ]
      : []),
    ...(mine && writes
      ? [
          {
            id: 'retract',
            label: w.message.retract,
            icon: Undo2,
            danger: true,
            run: () => openCommand({ order: room.order, kind: 'retract_message', seq: entry.seq }),
          },
        ]
      : []),
  ]
  if (choices.length === 0) return null
  return (
    <div className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-[[aria-expanded=true]]:opacity-100 pointer-coarse:opacity-60">
      <Menu
        small
        icon={Ellipsis}
        label={w.message.more}
        choices={choices}
        placement={mine ? 'bottom end' : 'bottom start'}
      />
    </div>
  )
}

export function copy(text: string, done: string): void {
  // A page on a connection that is not secure has no clipboard, and a browser may refuse it.
  const write = async () => navigator.clipboard.writeText(text)
  write().then(
    () => say(done),
    () => say(spoken.getSnapshot().words.message.notCopied),
  )
}
