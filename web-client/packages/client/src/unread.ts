// What a reader has not read: entries after the cursor that are neither the reader's own nor the bot's. Pure.

import type { Entry, Seq, UserId } from './protocol.js'

export interface Unread {
  readonly count: number
  /** False when entries after the cursor are not loaded: there are at least `count`. */
  readonly exact: boolean
}

export function countsAsUnread(entry: Entry, reader: UserId | undefined): boolean {
  return entry.by.user !== reader && entry.event.type !== 'bot.prompted'
}

/** `first` is the seq of the first loaded entry. */
export function unreadOf(
  entries: readonly Entry[],
  first: Seq,
  cursor: Seq,
  reader: UserId | undefined,
): Unread {
  let count = 0
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at]
    if (!entry || entry.seq <= cursor) break
    if (countsAsUnread(entry, reader)) count += 1
  }
  return { count, exact: first <= cursor + 1 }
}
