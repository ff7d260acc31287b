// One room's timeline as far as it was heard: gapless, in order, each entry once (G4). Pure and immutable.

import type { Entry, Seq } from './protocol.js'

export interface Timeline {
  /** The history that the seqs belong to. */
  readonly epoch: string | undefined
  /** The last entry that was heard; undefined before the first answer. */
  readonly last: Seq | undefined
  /** The last one that is known to exist. */
  readonly head: Seq
  /** False until the server has answered the latest `subscribe`: what comes before that is of an older one. */
  readonly following: boolean
  /** Without a hole; the last of them is `last`, unless there are none. */
  readonly entries: readonly Entry[]
}

export const emptyTimeline: Timeline = {
  epoch: undefined,
  last: undefined,
  head: 0,
  following: false,
  entries: [],
}

/** A place to go on from: what `subscribe` carries. */
export interface Place {
  readonly after?: Seq
  readonly epoch?: string
}

export interface Taken {
  readonly timeline: Timeline
  /** What is new, for the application. */
  readonly fresh: readonly Entry[]
  /** Some are missing before the next one: subscribe again. */
  readonly gap: boolean
}

export function placeOf({ last, epoch }: Timeline): Place {
  if (last === undefined) return {}
  return epoch === undefined ? { after: last } : { after: last, epoch }
}

/** A `subscribe` was sent, or the connection ended. */
export function left(timeline: Timeline): Timeline {
  return timeline.following ? { ...timeline, following: false } : timeline
}

/** Is the epoch of an answer another one than that of what is here? */
export function isOfAnother(timeline: Timeline, epoch: string): boolean {
  return timeline.last !== undefined && timeline.epoch !== undefined && timeline.epoch !== epoch
}

/** The server answered. Without a place of its own the timeline begins where the first entry is. */
export function joined(timeline: Timeline, epoch: string, head: Seq, first: Seq | undefined): Timeline {
  const last = timeline.last ?? (first === undefined ? head : Math.max(0, first - 1))
  return { ...timeline, epoch, last, head: Math.max(head, last), following: true }
}

/** Entries arrived, ascending: the next ones are taken, known ones dropped, and nothing behind a hole. */
export function take(timeline: Timeline, arriving: readonly Entry[], keep = Number.POSITIVE_INFINITY): Taken {
  if (!timeline.following) return { timeline, fresh: [], gap: false }
  const fresh: Entry[] = []
  let last = timeline.last ?? 0
  let gap = false
  for (const entry of arriving) {
    if (entry.seq <= last) continue
    if (entry.seq !== last + 1) {
      gap = true
      break
    }
    fresh.push(entry)
    last = entry.seq
  }
  if (fresh.length === 0 && !gap) return { timeline, fresh, gap }
  const entries = fresh.length === 0 ? timeline.entries : newest([...timeline.entries, ...fresh], keep)
  const head = Math.max(timeline.head, last)
  return { timeline: { ...timeline, last, head, entries, following: !gap }, fresh, gap }
}

/** A head was heard of. */
export function heardHead(timeline: Timeline, head: Seq): Timeline {
  return timeline.following && head > timeline.head ? { ...timeline, head } : timeline
}

export function isBehind(timeline: Timeline): boolean {
  return timeline.following && timeline.head > (timeline.last ?? 0)
}

/** Entries before this seq are not here; 1 means all are. */
export function firstOf({ entries, last }: Timeline): Seq {
  return entries[0]?.seq ?? (last ?? 0) + 1
}

/** A page that ends just before `before`; anything else is not put in: there would be a hole. */
export function prepend(timeline: Timeline, page: readonly Entry[], before: Seq): Timeline | undefined {
  const expected = before - page.length
  const fits = firstOf(timeline) === before && page.every((entry, at) => entry.seq === expected + at)
  if (!fits || expected < 1) return undefined
  return page.length === 0 ? timeline : { ...timeline, entries: [...page, ...timeline.entries] }
}

/** What is dropped lies at the old end, can be paged back in, and leaves no hole. A tenth goes at once: not every entry that
 * comes makes a list anew. */
function newest(entries: readonly Entry[], keep: number): readonly Entry[] {
  return entries.length > keep ? entries.slice(-Math.max(Math.floor(keep * 0.9), 1)) : entries
}
