// The conversation list: pages asked for over HTTP, kept fresh by `inbox` frames, and by the entries of rooms that are
// followed, for which the server sends none. Pure and immutable.

import type { Entry, InboxPage, InboxRoom, InboxTab, OrderId, Seq, Snapshot, UserId } from './protocol.js'
import { countsAsUnread } from './unread.js'

export interface InboxView {
  /** loading: nothing is known yet · ready · failed: the first page did not come, and what is known may be old. */
  readonly status: 'loading' | 'ready' | 'failed'
  /** Why the page that was asked for last did not come; with `ready` it was a further one. */
  readonly problem?: string
  /** The latest first. */
  readonly rooms: readonly InboxRoom[]
  /** Rooms by tab, as of the last page. */
  readonly tabs: Readonly<Partial<Record<InboxTab, number>>>
  /** The cursor of the next page; absent when all are here. */
  readonly next?: string
  /** Of the rooms that are here. */
  readonly unread: { readonly rooms: number; readonly entries: number }
}

export const emptyInbox: InboxView = {
  status: 'loading',
  rooms: [],
  tabs: {},
  unread: { rooms: 0, entries: 0 },
}

/** Characters of a preview, as the server cuts them. */
const PREVIEW_CHARS = 140

/** A page came; the first one replaces what was there, except what is newer already. */
export function withPage(inbox: InboxView, page: InboxPage, first: boolean): InboxView {
  const { next: _, problem: __, ...kept } = inbox
  const known = new Map(inbox.rooms.map(room => [room.order, room]))
  const fresh = page.rooms.map(room => newer(known.get(room.order), room))
  const others = first
    ? []
    : inbox.rooms.filter(room => !page.rooms.some(({ order }) => order === room.order))
  const next = page.next === undefined ? {} : { next: page.next }
  return sorted({ ...kept, status: 'ready', tabs: page.tabs, ...next }, [...others, ...fresh])
}

/** A page did not come; what is known stays. */
export function failed(inbox: InboxView, problem: string, first: boolean): InboxView {
  return { ...inbox, status: first ? 'failed' : inbox.status, problem }
}

/** A line came. An older one than what is here is left out. */
export function withLine(inbox: InboxView, line: InboxRoom): InboxView {
  const old = inbox.rooms.find(({ order }) => order === line.order)
  if (old && newer(old, line) === old) return inbox
  return replaced(inbox, line)
}

/** An entry was heard in a followed room. */
export function withEntry(inbox: InboxView, order: OrderId, entry: Entry, me: UserId): InboxView {
  return changed(inbox, order, room => {
    if (entry.seq <= room.head) return room
    const unread = room.unread + (countsAsUnread(entry, me) ? 1 : 0)
    const head = { ...room, head: entry.seq, unread }
    // The chatbot tells what is next, not what happened: the server's line leaves it out, too.
    if (entry.event.type === 'bot.prompted') return head
    return { ...head, last: { by: entry.by, preview: previewOf(entry), at: entry.at } }
  })
}

/** A followed room's order changed. */
export function withSnapshot(inbox: InboxView, order: OrderId, snapshot: Snapshot): InboxView {
  if (snapshot.kind !== 'order') return inbox
  return changed(inbox, order, ({ next_step: _, deadline: __, case: ___, ...room }) => {
    const deadline = deadlineOf(snapshot)
    const step = snapshot.next_step.you
    const { state, label } = snapshot
    return {
      ...room,
      state,
      label,
      ...(snapshot.case ? { case: snapshot.case.kind } : {}),
      ...(step ? { next_step: step } : {}),
      ...(deadline ? { deadline } : {}),
    }
  })
}

/** The reader's cursor moved. `unread` is what is left after it, when that is known. */
export function withRead(inbox: InboxView, order: OrderId, seq: Seq, unread: number | undefined): InboxView {
  return changed(inbox, order, room => {
    const left = seq >= room.head ? 0 : (unread ?? room.unread)
    return left === room.unread ? room : { ...room, unread: left }
  })
}

const WATCHED: ReadonlySet<string> = new Set(['accept', 'due', 'review', 'proposal', 'resolution'])

/** The first of the clocks that a person watches, unless it stands still: as the server chooses it. */
function deadlineOf(snapshot: Extract<Snapshot, { kind: 'order' }>): string | undefined {
  const { overdue, due_at, timers } = snapshot
  const running = timers.filter(({ kind, paused }) => WATCHED.has(kind) && !paused)
  const moments = running.map(({ fire_at }) => fire_at).sort((a, b) => Date.parse(a) - Date.parse(b))
  return moments[0] ?? (overdue ? due_at : undefined)
}

function previewOf({ event }: Entry): string {
  if (event.type === 'message.edited') return cut(event.text)
  if (event.type !== 'message.posted') return event.type
  return event.text === undefined ? (event.files?.[0]?.name ?? '') : cut(event.text)
}

/** By characters, not by halves of them. */
function cut(text: string): string {
  return [...text].slice(0, PREVIEW_CHARS).join('')
}

function newer(old: InboxRoom | undefined, line: InboxRoom): InboxRoom {
  return old && old.head > line.head ? old : line
}

function changed(inbox: InboxView, order: OrderId, change: (room: InboxRoom) => InboxRoom): InboxView {
  const room = inbox.rooms.find(room => room.order === order)
  const after = room && change(room)
  return !room || after === room ? inbox : replaced(inbox, after as InboxRoom)
}

function replaced(inbox: InboxView, line: InboxRoom): InboxView {
  return sorted(inbox, [line, ...inbox.rooms.filter(({ order }) => order !== line.order)])
}

function sorted(inbox: InboxView, rooms: readonly InboxRoom[]): InboxView {
  const latest = (room: InboxRoom) => Date.parse(room.last?.at ?? '') || 0
  const entries = rooms.reduce((sum, room) => sum + room.unread, 0)
  const unread = { rooms: rooms.filter(room => room.unread > 0).length, entries }
  return { ...inbox, rooms: [...rooms].sort((a, b) => latest(b) - latest(a)), unread }
}
