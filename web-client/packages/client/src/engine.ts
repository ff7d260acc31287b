// The rooms of one tab, as a machine without sockets: calls and frames go in, frames and events come out. It survives
// connections: rooms and read marks stay, only questions die with the connection.

import type { Timing } from './backoff.js'
import type { Chance } from './clock.js'
import { type Refusal, refusalOf } from './errors.js'
import { FollowedRoom, type RoomView } from './followed.js'
import type {
  ClientFrame,
  Entries,
  Entry,
  OrderId,
  Rejected,
  Seq,
  ServerFrame,
  Signal,
  Snapshot,
  Subscribed,
  UserId,
} from './protocol.js'
import { firstOf, isOfAnother, placeOf } from './timeline.js'

/** What happened, in order. */
export type ChatEvent =
  /** One entry: for each followed room every one once, in order (G4). */
  | { readonly type: 'entry'; readonly order: OrderId; readonly entry: Entry }
  /** What was heard of this room belongs to another history: forget it, entries start anew (G5). */
  | { readonly type: 'resynced'; readonly order: OrderId }
  /** The room cannot be followed, or not any more. */
  | { readonly type: 'lost'; readonly order: OrderId; readonly refusal: Refusal }
  /** Something that a person or a developer should know of; the client goes on. */
  | { readonly type: 'problem'; readonly problem: string }

type Question =
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly order: OrderId }
  | { readonly kind: 'history'; readonly order: OrderId; readonly before: Seq }

/** The reason of an unasked `unsubscribed` after which the room can be had anew. */
const RESYNC = 'resync_required'
/** Read marks gather this long: a reader who scrolls makes many. */
const READ_PAUSE_MS = 300
const PAGE = 50

export interface EngineSettings {
  readonly user: UserId
  readonly timing: Timing
  readonly keepEntries: number
  readonly chance: Chance
}

export class Engine {
  private readonly settings: EngineSettings
  private readonly rooms = new Map<OrderId, FollowedRoom>()
  private readonly questions = new Map<number, Question>()
  private readonly reads = new Map<OrderId, Seq>()
  private readsAt: number | undefined
  private presence: 'active' | 'away' = 'active'
  private connected = false
  private lastRef = 0
  private frames: ClientFrame[] = []
  private events: ChatEvent[] = []
  private changes = new Set<OrderId>()

  constructor(settings: EngineSettings) {
    this.settings = settings
  }

  takeFrames(): ClientFrame[] {
    const { frames } = this
    this.frames = []
    return frames
  }

  takeEvents(): ChatEvent[] {
    const { events } = this
    this.events = []
    return events
  }

  /** Rooms that look different now. */
  takeChanges(): OrderId[] {
    const changes = [...this.changes]
    this.changes.clear()
    return changes
  }

  view(order: OrderId): RoomView | undefined {
    return this.rooms.get(order)?.view()
  }

  /** Welcome: pick everything up. */
  welcomed(now: number): void {
    this.disconnect()
    this.connected = true
    if (this.presence !== 'active') this.frames.push({ type: 'presence', state: this.presence })
    for (const order of this.rooms.keys()) this.subscribe(order)
    if (this.reads.size > 0) this.readsAt = now
  }

  /** The connection ended: what has no answer will be asked again. */
  disconnect(): void {
    this.connected = false
    this.frames = []
    this.questions.clear()
    for (const [order, room] of this.rooms) {
      room.disconnected()
      this.changes.add(order)
    }
  }

  follow(order: OrderId): void {
    if (this.rooms.has(order)) return
    this.rooms.set(order, new FollowedRoom(order, this.settings.user, this.settings.keepEntries))
    this.changes.add(order)
    if (this.connected) this.subscribe(order)
  }

  unfollow(order: OrderId): void {
    if (!this.rooms.delete(order)) return
    this.changes.add(order)
    if (this.connected)
      this.frames.push({ type: 'unsubscribe', ref: this.ask({ kind: 'unsubscribe', order }), order })
  }

  /** One page backwards; kept until it can be asked, and one at a time, so that there is no hole. */
  older(order: OrderId, limit = PAGE): void {
    const room = this.rooms.get(order)
    if (!room || room.reachedStart) return
    room.want(limit)
    this.changes.add(order)
    this.askHistory(room)
  }

  /** Moves the reader's cursor forward, here at once. */
  read(order: OrderId, seq: Seq, now: number): void {
    const room = this.rooms.get(order)
    if (room && !room.readUpTo(this.settings.user, seq)) return
    this.changes.add(order)
    this.mark(order, seq, now)
  }

  /** Somebody writes here; told at most every 3 s, and over by itself when it is not repeated. */
  typing(order: OrderId, on: boolean, now: number): void {
    const room = this.rooms.get(order)
    if (room?.ownTyping(on, now) && this.connected) this.frames.push({ type: 'typing', order, on })
  }

  present(state: 'active' | 'away'): void {
    if (state === this.presence) return
    this.presence = state
    if (this.connected) this.frames.push({ type: 'presence', state })
  }

  /** What time alone brings about. */
  tick(now: number): void {
    for (const [order, room] of this.rooms) {
      if (room.forgetTyping(now)) this.changes.add(order)
      if (room.ownTypingEnded(now) && this.connected) this.frames.push({ type: 'typing', order, on: false })
      if (this.connected && room.isDue(now, this.settings.timing.behindMs)) this.subscribe(order)
      if (this.connected && room.historyAgainAt !== undefined && room.historyAgainAt <= now) {
        room.historyAgainAt = undefined
        this.askHistory(room)
      }
    }
    if (this.connected && this.readsAt !== undefined && this.readsAt <= now) {
      for (const [order, seq] of this.reads) this.frames.push({ type: 'read', order, seq })
      this.reads.clear()
      this.readsAt = undefined
    }
  }

  /** When `tick` has something to do that it has not now. */
  nextTick(): number | undefined {
    const times = [...this.rooms.values()].flatMap(room =>
      room.dueTimes(this.settings.timing.behindMs, this.connected),
    )
    if (this.connected && this.readsAt !== undefined) times.push(this.readsAt)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  receive(frame: ServerFrame, now: number): void {
    switch (frame.type) {
      case 'entry':
        return this.take(frame.order, [frame.entry], frame.entry.seq, now)
      case 'entries':
        return frame.ref === undefined
          ? this.take(frame.order, frame.entries, frame.head, now)
          : this.page(frame.ref, frame)
      case 'subscribed':
        return this.subscribed(frame, now)
      case 'snapshot':
        return this.snapshot(frame.order, frame.snapshot)
      case 'signal':
        return this.signal(frame, now)
      case 'heartbeat':
        for (const [order, head] of Object.entries(frame.heads)) this.take(order, [], head, now)
        return
      case 'unsubscribed':
        return this.unsubscribed(frame.ref, frame.order, frame.reason)
      case 'rejected':
        return this.rejected(frame, now)
    }
  }

  private take(order: OrderId, entries: readonly Entry[], head: Seq, now: number): void {
    const room = this.rooms.get(order)
    if (!room) return
    const { fresh, gap, changed } = room.take(entries, head, now)
    for (const entry of fresh) this.events.push({ type: 'entry', order, entry })
    if (changed) this.changes.add(order)
    if (gap) this.heal(room, now)
  }

  /** Something is missing: the timeline after our place has it. At once the first time, slower if that did not help. */
  private heal(room: FollowedRoom, now: number): void {
    room.holes += 1
    if (room.holes === 1) this.subscribe(room.order)
    else room.againAt = now + this.pause() * Math.min(room.holes, 40)
  }

  private subscribe(order: OrderId): void {
    const room = this.rooms.get(order)
    if (!room) return
    room.asking(this.ask({ kind: 'subscribe', order }))
    this.changes.add(order)
    this.frames.push({ type: 'subscribe', ref: this.lastRef, order, ...placeOf(room.timeline) })
  }

  private subscribed(frame: Subscribed, now: number): void {
    this.questions.delete(frame.ref)
    const room = this.rooms.get(frame.order)
    if (room?.question !== frame.ref) return
    if (isOfAnother(room.timeline, frame.epoch)) return this.resync(room)
    room.joined(frame)
    this.changes.add(frame.order)
    // A mark has no answer: one that the server does not have may have been lost with a connection.
    if (room.cursor > (frame.cursors[this.settings.user] ?? 0)) this.mark(frame.order, room.cursor, now)
    this.take(frame.order, frame.entries, frame.head, now)
    this.askHistory(room)
  }

  private page(ref: number, { order, entries }: Entries): void {
    const question = this.questions.get(ref)
    this.questions.delete(ref)
    const room = this.rooms.get(order)
    if (question?.kind !== 'history' || !room) return
    room.older(entries, question.before)
    this.changes.add(order)
  }

  private askHistory(room: FollowedRoom): void {
    if (!this.connected || room.wanted === undefined || !room.timeline.following) return
    if (room.historyAsked || room.historyAgainAt !== undefined) return
    const before = firstOf(room.timeline)
    room.historyAsked = true
    const ref = this.ask({ kind: 'history', order: room.order, before })
    this.frames.push({ type: 'history', ref, order: room.order, before, limit: room.wanted })
  }

  private snapshot(order: OrderId, snapshot: Snapshot): void {
    if (this.rooms.get(order)?.see(snapshot)) this.changes.add(order)
  }

  private signal(signal: Signal, now: number): void {
    if (this.rooms.get(signal.order)?.signal(signal, now)) this.changes.add(signal.order)
  }

  private unsubscribed(ref: number | undefined, order: OrderId, reason = ''): void {
    if (ref !== undefined) {
      this.questions.delete(ref)
      return
    }
    const room = this.rooms.get(order)
    if (!room) return
    if (reason === RESYNC) this.resync(room)
    else this.lose(room, { code: reason, message: reason.replaceAll('_', ' ') })
  }

  private rejected(frame: Rejected, now: number): void {
    const question = this.questions.get(frame.ref)
    this.questions.delete(frame.ref)
    const room = question && this.rooms.get(question.order)
    if (!room) return
    if (question.kind === 'history') {
      room.historyFailed(now + this.pagePause(room.historyFailures, frame.retry_after_ms))
      this.changes.add(room.order)
      this.events.push({ type: 'problem', problem: `older entries could not be read: ${frame.message}` })
    } else if (question.kind === 'subscribe' && room.question === frame.ref) {
      room.question = undefined
      if (frame.retry) room.againAt = now + this.pause(frame.retry_after_ms)
      else if (frame.code === RESYNC) this.resync(room)
      else this.lose(room, refusalOf(frame))
    }
  }

  /** The room belongs to another history now: it starts anew. */
  private resync(room: FollowedRoom): void {
    room.reset()
    this.events.push({ type: 'resynced', order: room.order })
    this.subscribe(room.order)
  }

  private lose(room: FollowedRoom, refusal: Refusal): void {
    room.lose(refusal)
    this.changes.add(room.order)
    this.events.push({ type: 'lost', order: room.order, refusal })
  }

  private ask(question: Question): number {
    this.lastRef += 1
    this.questions.set(this.lastRef, question)
    return this.lastRef
  }

  private mark(order: OrderId, seq: Seq, now: number): void {
    this.reads.set(order, Math.max(seq, this.reads.get(order) ?? 0))
    this.readsAt ??= now + READ_PAUSE_MS
  }

  /** Longer with every page that does not come. */
  private pagePause(failures: number, toldMs = 0): number {
    const { backOffMs, longestMs } = this.settings.timing
    return this.pause(Math.max(toldMs, Math.min(backOffMs * 2 ** failures, longestMs)))
  }

  private pause(toldMs = 250): number {
    return toldMs * (1 + this.settings.chance() / 2)
  }
}
