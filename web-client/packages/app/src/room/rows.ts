// The timeline as rows to show: messages grouped, days and the unread divider between them, what is pending at the
// end. Pure; the words come later.

import { type Entry, type Item, type OutboxItem, pendingKey, type Seq } from '@order-chat/client'
import { type Outcome, Outcomes } from './outcomes'

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

export function rowsOf(seen: Seen): readonly Row[] {
  return new RowList().next(seen)
}

/** The rows of one look after the other: what looks the same stays the same object, and what comes at the end costs no more
 * than itself, however much is above it. */
export class RowList {
  private seen: Seen | undefined
  /** Those of the items; what is pending comes after them. */
  private body: Row[] = []
  private outcomes = new Outcomes()
  private day = ''
  private divided = false
  private shown: readonly Row[] = []

  next(seen: Seen): readonly Row[] {
    const known = this.seen && goesOn(this.seen, seen) ? this.seen.items.length : 0
    this.body = known > 0 ? [...this.body] : this.begin(seen)
    const changed = new Set<Seq>()
    for (const item of seen.items.slice(known)) {
      for (const seq of this.outcomes.take(item.entry)) changed.add(seq)
      this.add(item, seen)
    }
    if (changed.size > 0) this.stamp(changed)
    this.seen = seen
    const rows = [...this.body, ...seen.pending.map(one => pendingRow(one, seen.me))]
    // Only where something was added can a group have changed.
    const from = known > 0 ? this.joint(rows) : 0
    for (let at = from; at < rows.length; at += 1) rows[at] = grouped(rows, at, seen.me)
    this.shown = known > 0 ? rows : kept(rows, this.shown)
    this.body = this.shown.slice(0, this.body.length)
    return this.shown
  }

  private begin({ items, reachedStart, unreadAfter }: Seen): Row[] {
    this.outcomes = new Outcomes()
    this.day = ''
    this.divided = unreadAfter === undefined
    return reachedStart && items.length > 0 ? [{ kind: 'start', key: 'start' }] : []
  }

  private add(item: Item, { me, unreadAfter }: Seen): void {
    const { entry } = item
    const day = dayOf(entry.at)
    if (day !== this.day) this.body.push({ kind: 'day', key: `day ${day}`, at: entry.at })
    this.day = day
    if (!this.divided && unreadAfter !== undefined && entry.seq > unreadAfter && entry.by.user !== me) {
      this.divided = true
      this.body.push({ kind: 'unread', key: 'unread' })
    }
    this.body.push(rowOf(item, me))
  }

  private stamp(changed: ReadonlySet<Seq>): void {
    this.body = this.body.map(row => {
      if (row.kind !== 'card' || !changed.has(row.item.entry.seq)) return row
      const outcome = this.outcomes.told.get(row.item.entry.seq)
      return outcome ? { ...row, outcome } : row
    })
  }

  /** Where the new rows meet those that stood there: the last of them may belong to them. */
  private joint(rows: readonly Row[]): number {
    let at = 0
    while (at < rows.length && at < this.shown.length && rows[at] === this.shown[at]) at += 1
    return Math.max(at - 1, 0)
  }
}

/** Nothing but further items at the end. */
function goesOn(before: Seen, now: Seen): boolean {
  return (
    before.items.length > 0 &&
    before.me === now.me &&
    before.unreadAfter === now.unreadAfter &&
    before.reachedStart === now.reachedStart &&
    before.items.every((item, at) => item === now.items[at])
  )
}

/** Those of before wherever they look the same. */
function kept(rows: readonly Row[], before: readonly Row[]): readonly Row[] {
  const old = new Map(before.map(row => [row.key, row]))
  return rows.map(row => {
    const was = old.get(row.key)
    return was && looksLike(was, row) ? was : row
  })
}

function looksLike(a: Row, b: Row): boolean {
  const [one, other] = [a, b] as Record<string, unknown>[]
  const names = Object.keys(b)
  return Object.keys(a).length === names.length && names.every(name => one?.[name] === other?.[name])
}

function pendingRow(one: OutboxItem, me: string): Row {
  if (one.command.type !== 'post_message') return { kind: 'waiting', key: `~${one.id}`, pending: one }
  return { kind: 'pending', key: pendingKey(me, one.id), pending: one, first: true, last: true }
}

function rowOf(item: Item, me: string): Row {
  const { entry, key } = item
  const { type } = entry.event
  if (type === 'message.posted')
    return { kind: 'message', key, item, mine: entry.by.user === me, first: true, last: true }
  if (type === 'bot.prompted') return { kind: 'prompt', key, item }
  return { kind: CARDS.has(type) ? 'card' : 'event', key, item }
}

function grouped(rows: readonly Row[], at: number, me: string): Row {
  const row = rows[at] as Row
  if (row.kind !== 'message' && row.kind !== 'pending') return row
  const first = !together(rows[at - 1], row, me)
  const last = !together(row, rows[at + 1], me)
  return row.first === first && row.last === last ? row : { ...row, first, last }
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
