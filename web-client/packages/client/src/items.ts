// What a person sees of a timeline: edits and retractions are entries of their own, shown at the message they
// concern. Pure; an item stays the same object while it looks the same.

import type { Entry, Seq } from './protocol.js'

export interface Item {
  /** Stable from the outbox to the timeline: see [`keyOf`]. */
  readonly key: string
  readonly entry: Entry
  /** A message's text as it reads now; absent when there is none, or when it was taken back. */
  readonly text?: string
  /** The latest edit. */
  readonly edited?: Entry
  /** The retraction. */
  readonly retracted?: Entry
}

/** A message is known by its author and command, so that the pending one and the stored one are the same to a list.
 * Other entries may share a command, and go by their seq. */
export function keyOf(entry: Entry): string {
  const { by, event, id, seq } = entry
  return event.type === 'message.posted' ? pendingKey(by.user ?? by.role, id) : `#${seq}`
}

export function pendingKey(user: string, id: string): string {
  return `${user}/${id}`
}

/** All of them in order; `before` is the earlier answer, whose items are used again where nothing changed. */
export function itemsOf(entries: readonly Entry[], before: readonly Item[] = []): readonly Item[] {
  const edits = new Map<Seq, Entry>()
  const retractions = new Map<Seq, Entry>()
  for (const entry of entries) {
    if (entry.event.type === 'message.edited') edits.set(entry.event.seq, entry)
    if (entry.event.type === 'message.retracted') retractions.set(entry.event.seq, entry)
  }
  const known = new Map(before.map(item => [item.entry, item]))
  const shown = entries.filter(
    ({ event }) => event.type !== 'message.edited' && event.type !== 'message.retracted',
  )
  return shown.map(entry => {
    const edited = edits.get(entry.seq)
    const retracted = retractions.get(entry.seq)
    const old = known.get(entry)
    return old && old.edited === edited && old.retracted === retracted
      ? old
      : itemOf(entry, edited, retracted)
  })
}

/** The items of a timeline that grows: what comes at the end costs no more than itself. */
export class ItemList {
  private entries: readonly Entry[] = []
  private items: readonly Item[] = []

  next(entries: readonly Entry[]): readonly Item[] {
    const before = this.entries
    if (entries === before) return this.items
    const fresh = entries.slice(before.length)
    const plain = fresh.every(
      ({ event }) => event.type !== 'message.edited' && event.type !== 'message.retracted',
    )
    // Both are without a hole, and an entry never changes: the same ends are the same between.
    const goesOn = entries[0] === before[0] && entries[before.length - 1] === before.at(-1)
    this.items =
      plain && goesOn && before.length > 0
        ? [...this.items, ...fresh.map(entry => itemOf(entry, undefined, undefined))]
        : itemsOf(entries, this.items)
    this.entries = entries
    return this.items
  }
}

function itemOf(entry: Entry, edited: Entry | undefined, retracted: Entry | undefined): Item {
  const text = retracted ? undefined : (textOf(edited) ?? textOf(entry))
  return {
    key: keyOf(entry),
    entry,
    ...(text === undefined ? {} : { text }),
    ...(edited ? { edited } : {}),
    ...(retracted ? { retracted } : {}),
  }
}

function textOf(entry: Entry | undefined): string | undefined {
  const event = entry?.event
  return event?.type === 'message.posted' || event?.type === 'message.edited' ? event.text : undefined
}
