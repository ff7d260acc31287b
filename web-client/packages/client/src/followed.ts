// One followed room: its timeline, and everything around it that comes and goes. Rules, no frames.

import type { Refusal } from './errors.js'
import { type Item, ItemList } from './items.js'
import type { Entry, Member, OrderId, Person, Seq, Signal, Snapshot, Subscribed, UserId } from './protocol.js'
import {
  emptyTimeline,
  firstOf,
  heardHead,
  isBehind,
  joined,
  left,
  prepend,
  type Timeline,
  take,
} from './timeline.js'
import { type Unread, unreadOf } from './unread.js'

/** joining: no answer yet · catching_up: entries are missing that exist · live · lost: see `refusal`. */
export type RoomStatus = 'joining' | 'catching_up' | 'live' | 'lost'

/** A room as it is shown; replaced, never changed. */
export interface RoomView {
  readonly order: OrderId
  readonly status: RoomStatus
  readonly refusal?: Refusal
  /** Without a hole, ascending. */
  readonly entries: readonly Entry[]
  /** The same as a person sees it. */
  readonly items: readonly Item[]
  readonly head: Seq
  /** There is nothing older than the first entry here. */
  readonly reachedStart: boolean
  readonly loadingOlder: boolean
  /** The older page did not come; it is asked for again by itself. */
  readonly olderFailed: boolean
  /** The order, or the conversation, with its `actions`; a newer one replaces it. */
  readonly snapshot?: Snapshot
  readonly members: readonly Member[]
  /** How far each has read. */
  readonly cursors: Readonly<Record<UserId, Seq>>
  /** Others who write just now. */
  readonly typing: readonly UserId[]
  readonly unread: Unread
}

/** The server ends it after 6 s; a lost end must not leave somebody writing for ever. */
const TYPING_MS = 7_000
/** Repeated while a person writes. */
const TYPING_REPEAT_MS = 3_000
/** Not repeated for this long: they stopped. */
const TYPING_IDLE_MS = 5_000

export class FollowedRoom {
  readonly order: OrderId
  timeline: Timeline = emptyTimeline
  /** The `subscribe` that has no answer yet. */
  question: number | undefined
  /** When to subscribe again, after the server could not. */
  againAt: number | undefined
  /** Holes in a row: a server that cannot heal is not asked at full speed. */
  holes = 0
  /** Entries of the older page that somebody waits for. */
  wanted: number | undefined
  historyAsked = false
  /** When it is asked for again, after it could not be read. */
  historyAgainAt: number | undefined
  /** Times in a row that it did not come. */
  historyFailures = 0
  private readonly me: UserId
  private readonly keep: number
  private behindSince: number | undefined
  private shown: RoomView | undefined
  private items = new ItemList()
  private snapshot: Snapshot | undefined
  private members: readonly Member[] = []
  private cursors: Readonly<Record<UserId, Seq>> = {}
  private writing = new Map<UserId, number>()
  private mine: { readonly toldAt: number; readonly seenAt: number } | undefined
  private refusal: Refusal | undefined

  constructor(order: OrderId, me: UserId, keep: number) {
    this.order = order
    this.me = me
    this.keep = keep
  }

  get reachedStart(): boolean {
    return this.timeline.last !== undefined && firstOf(this.timeline) <= 1
  }

  /** How far this reader has read. */
  get cursor(): Seq {
    return this.cursors[this.me] ?? 0
  }

  view(): RoomView {
    this.shown ??= this.look()
    return this.shown
  }

  asking(ref: number): void {
    this.timeline = left(this.timeline)
    this.question = ref
    this.againAt = undefined
    this.behindSince = undefined
    this.refusal = undefined
    this.dirty()
  }

  disconnected(): void {
    this.timeline = left(this.timeline)
    this.question = undefined
    this.againAt = undefined
    this.behindSince = undefined
    this.historyAsked = false
    this.historyAgainAt = undefined
    this.writing.clear()
    this.mine = undefined
    this.dirty()
  }

  reset(): void {
    this.disconnected()
    this.timeline = emptyTimeline
    this.items = new ItemList()
    this.snapshot = undefined
    this.cursors = {}
    this.forgetOlder()
  }

  lose(refusal: Refusal): void {
    this.disconnected()
    this.forgetOlder()
    this.refusal = refusal
  }

  joined({ epoch, head, entries, snapshot, members, cursors }: Subscribed): void {
    this.question = undefined
    this.timeline = joined(this.timeline, epoch, head, entries[0]?.seq)
    this.snapshot = snapshot
    this.members = members
    const own = Math.max(this.cursor, cursors[this.me] ?? 0)
    this.cursors = own > 0 ? { ...cursors, [this.me]: own } : cursors
    this.dirty()
  }

  take(
    arriving: readonly Entry[],
    head: Seq,
    now: number,
  ): { fresh: readonly Entry[]; gap: boolean; changed: boolean } {
    const before = this.timeline
    const taken = take(before, arriving, this.keep)
    this.timeline = heardHead(taken.timeline, head)
    if (taken.fresh.length > 0) {
      this.holes = 0
      for (const { by } of taken.fresh) if (by.user !== undefined) this.writing.delete(by.user)
    }
    if (!isBehind(this.timeline)) this.behindSince = undefined
    else if (taken.fresh.length > 0 || this.behindSince === undefined) this.behindSince = now
    const changed = this.timeline !== before
    if (changed) this.dirty()
    return { fresh: taken.fresh, gap: taken.gap, changed }
  }

  want(limit: number): void {
    this.wanted ??= limit
    this.dirty()
  }

  older(page: readonly Entry[], before: Seq): void {
    this.forgetOlder()
    this.timeline = prepend(this.timeline, page, before) ?? this.timeline
    this.dirty()
  }

  /** It stays wanted. */
  historyFailed(againAt: number): void {
    this.historyAsked = false
    this.historyAgainAt = againAt
    this.historyFailures += 1
    this.dirty()
  }

  see(snapshot: Snapshot): boolean {
    if (this.snapshot && snapshot.version < this.snapshot.version) return false
    this.snapshot = snapshot
    this.members = withStaff(this.members, snapshot.parties.agents)
    this.dirty()
    return true
  }

  readUpTo(user: UserId, seq: Seq): boolean {
    if (seq <= (this.cursors[user] ?? 0)) return false
    this.cursors = { ...this.cursors, [user]: seq }
    this.dirty()
    return true
  }

  signal(signal: Signal, now: number): boolean {
    if (signal.kind === 'read') return this.readUpTo(signal.user, signal.seq)
    if (signal.kind === 'typing') {
      if (signal.user === this.me) return false
      if (signal.on) this.writing.set(signal.user, now + TYPING_MS)
      else this.writing.delete(signal.user)
    } else if (signal.kind === 'presence') {
      const { user, state } = signal
      if (state === 'gone') this.writing.delete(user)
      this.members = this.members.map(member =>
        member.user === user ? { ...member, presence: state } : member,
      )
    } else return false
    this.dirty()
    return true
  }

  forgetTyping(now: number): boolean {
    const over = [...this.writing].filter(([, until]) => until <= now)
    for (const [user] of over) this.writing.delete(user)
    if (over.length > 0) this.dirty()
    return over.length > 0
  }

  /** Is there anything to tell the others? */
  ownTyping(on: boolean, now: number): boolean {
    const { mine } = this
    if (!on) {
      this.mine = undefined
      return mine !== undefined
    }
    const tell = mine === undefined || now - mine.toldAt >= TYPING_REPEAT_MS
    this.mine = { toldAt: tell ? now : mine.toldAt, seenAt: now }
    return tell
  }

  ownTypingEnded(now: number): boolean {
    if (!this.mine || now - this.mine.seenAt < TYPING_IDLE_MS) return false
    this.mine = undefined
    return true
  }

  /** Is it time to subscribe again? */
  isDue(now: number, patience: number): boolean {
    return this.question === undefined && this.healTimes(patience).some(at => at <= now)
  }

  dueTimes(patience: number, connected: boolean): number[] {
    const heal = connected && this.question === undefined ? this.healTimes(patience) : []
    const page = connected && this.historyAgainAt !== undefined ? [this.historyAgainAt] : []
    const own = this.mine ? [this.mine.seenAt + TYPING_IDLE_MS] : []
    return [...this.writing.values(), ...heal, ...page, ...own]
  }

  private forgetOlder(): void {
    this.wanted = undefined
    this.historyAsked = false
    this.historyFailures = 0
  }

  private healTimes(patience: number): number[] {
    const behind = this.behindSince === undefined ? [] : [this.behindSince + patience]
    return this.againAt === undefined ? behind : [...behind, this.againAt]
  }

  private look(): RoomView {
    const { timeline, refusal, snapshot } = this
    return {
      order: this.order,
      status: this.status(),
      ...(refusal ? { refusal } : {}),
      entries: timeline.entries,
      items: this.items.next(timeline.entries),
      head: timeline.head,
      reachedStart: this.reachedStart,
      loadingOlder: this.wanted !== undefined,
      olderFailed: this.historyFailures > 0,
      ...(snapshot ? { snapshot } : {}),
      members: this.members,
      cursors: this.cursors,
      typing: [...this.writing.keys()],
      unread: unreadOf(timeline.entries, firstOf(timeline), this.cursor, this.me),
    }
  }

  private status(): RoomStatus {
    if (this.refusal) return 'lost'
    if (!this.timeline.following) return 'joining'
    return isBehind(this.timeline) ? 'catching_up' : 'live'
  }

  private dirty(): void {
    this.shown = undefined
  }
}

/** Staff come and go while the room is followed; who comes is there. */
function withStaff(members: readonly Member[], agents: readonly Person[]): readonly Member[] {
  const known = (user: UserId) => members.find(member => member.user === user)
  const came = (agent: Person): Member => ({ ...agent, role: 'agent', presence: 'active' })
  return [
    ...members.filter(({ role }) => role !== 'agent'),
    ...agents.map(agent => known(agent.user) ?? came(agent)),
  ]
}
