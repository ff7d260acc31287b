// The timeline as rows to show: messages grouped, days and the unread divider between them, what is pending at the
// end. Pure; the words come later.

import { type Entry, type Item, type OutboxItem, pendingKey, type Seq } from '@order-chat/client'
import { type Outcome, outcomesOf } from './outcomes'

export type Row =
  | { readonly kind: 'start'; readonly key: string }
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'unread'; readonly key: string }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly item: Item
      readonly mine: boolean
      readonly first: boolean
      readonly last: boolean
    }
  | {
      readonly kind: 'pending'
      readonly key: string
      readonly pending: OutboxItem
      readonly first: boolean
      readonly last: boolean
    }
  | { readonly kind: 'waiting'; readonly key: string; readonly pending: OutboxItem }
  | { readonly kind: 'event'; readonly key: string; readonly item: Item }
  | { readonly kind: 'card'; readonly key: string; readonly item: Item; readonly outcome?: Outcome }
  | { readonly kind: 'prompt'; readonly key: string; readonly item: Item }

export interface Seen {
  readonly items: readonly Item[]
  readonly pending: readonly OutboxItem[]
  readonly me: string
  /** The divider stands before the first entry after this. */
  readonly unreadAfter: Seq | undefined
  readonly reachedStart: boolean
}

/** Messages of one person this close together are one group. */
export const GROUP_MS = 5 * 60_000

const CARDS: ReadonlySet<string> = new Set([
  'order.placed',
  'requirements.asked',
  'requirements.answered',
  'delivery.submitted',
  'revision.requested',
  'contract.proposed',
  'cancel.requested',
  'dispute.opened',
  'resolution.proposed',
])

export function rowsOf({ items, pending, me, unreadAfter, reachedStart }: Seen): Row[] {
  const rows: Row[] = reachedStart && items.length > 0 ? [{ kind: 'start', key: 'start' }] : []
  const outcomes = outcomesOf(items.map(({ entry }) => entry))
  let day = ''
  let divided = unreadAfter === undefined
  for (const item of items) {
    const { entry } = item
    const itsDay = dayOf(entry.at)
    if (itsDay !== day) rows.push({ kind: 'day', key: `day ${itsDay}`, at: entry.at })
    day = itsDay
    if (!divided && unreadAfter !== undefined && entry.seq > unreadAfter && entry.by.user !== me) {
      divided = true
      rows.push({ kind: 'unread', key: 'unread' })
    }
    rows.push(rowOf(item, me, outcomes.get(entry.seq)))
  }
  const waiting = pending.map((one): Row => {
    if (one.command.type !== 'post_message') return { kind: 'waiting', key: `~${one.id}`, pending: one }
    return { kind: 'pending', key: pendingKey(me, one.id), pending: one, first: true, last: true }
  })
  return grouped([...rows, ...waiting], me)
}

function rowOf(item: Item, me: string, outcome: Outcome | undefined): Row {
  const { entry, key } = item
  const { type } = entry.event
  if (type === 'message.posted')
    return { kind: 'message', key, item, mine: entry.by.user === me, first: true, last: true }
  if (type === 'bot.prompted') return { kind: 'prompt', key, item }
  if (CARDS.has(type)) return { kind: 'card', key, item, ...(outcome ? { outcome } : {}) }
  return { kind: 'event', key, item }
}

function grouped(rows: readonly Row[], me: string): Row[] {
  return rows.map((row, at) => {
    if (row.kind !== 'message' && row.kind !== 'pending') return row
    const first = !together(rows[at - 1], row, me)
    const last = !together(row, rows[at + 1], me)
    return { ...row, first, last }
  })
}

function together(a: Row | undefined, b: Row | undefined, me: string): boolean {
  const before = authorOf(a, me)
  const after = authorOf(b, me)
  if (!before || !after || before.who !== after.who) return false
  return Math.abs(after.at - before.at) < GROUP_MS
}

function authorOf(row: Row | undefined, me: string): { who: string; at: number } | undefined {
  if (row?.kind === 'message') return { who: who(row.item.entry), at: Date.parse(row.item.entry.at) }
  if (row?.kind === 'pending') return { who: me, at: Date.parse(row.pending.queuedAt) }
  return undefined
}

function who({ by }: Entry): string {
  return by.user ?? by.role
}

/** In the reader's zone. */
function dayOf(at: string): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}
