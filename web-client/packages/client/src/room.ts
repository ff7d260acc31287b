// The handle of one room: what an application shows of it and does in it. A store of its view.

import type { Sending } from './client.js'
import type { RoomView } from './followed.js'
import type { OutboxItem } from './outbox.js'
import type { Command, OrderId, PostMessage, Seq } from './protocol.js'
import { Cell, type Store } from './store.js'

/** A room with what is on its way to it. */
export interface RoomState extends RoomView {
  /** Not in the timeline yet, in the order of giving; refused ones stay until they are retried or deleted. */
  readonly pending: readonly OutboxItem[]
  /** Somebody in this tab follows it. */
  readonly followed: boolean
}

/** What a room needs of its client. */
export interface RoomCalls {
  follow(): void
  unfollow(): void
  older(limit: number | undefined): void
  read(seq: Seq): void
  typing(on: boolean): void
  command(command: Command, expectVersion: number | undefined): Sending
  view(): RoomView | undefined
  pending(): readonly OutboxItem[]
}

export class Room implements Store<RoomState> {
  readonly order: OrderId
  private readonly calls: RoomCalls
  private readonly unknown: RoomView
  private readonly state: Cell<RoomState>
  private followers = 0

  constructor(order: OrderId, calls: RoomCalls) {
    this.order = order
    this.calls = calls
    this.unknown = nothingOf(order)
    this.state = new Cell(this.look())
  }

  readonly getSnapshot = (): RoomState => this.state.getSnapshot()
  readonly subscribe = (changed: () => void): (() => void) => this.state.subscribe(changed)

  /** Follows the room until what it returns is called; several may. Its entries stay meanwhile, over any reconnect. */
  readonly follow = (): (() => void) => {
    this.followers += 1
    if (this.followers === 1) this.calls.follow()
    let held = true
    return () => {
      if (!held) return
      held = false
      this.followers -= 1
      if (this.followers === 0) this.calls.unfollow()
    }
  }

  /** One page backwards, at most 200 entries; `loadingOlder` until it is there. */
  loadOlder(limit?: number): void {
    this.calls.older(limit)
  }

  /** Everything up to `seq` was read; without it, everything that is here. */
  read(seq: Seq = this.getSnapshot().entries.at(-1)?.seq ?? 0): void {
    if (seq > 0) this.calls.read(seq)
  }

  /** Call it at each key; it is told at most every 3 s and ends by itself 5 s after the last. */
  typing(on = true): void {
    this.calls.typing(on)
  }

  post(message: PostMessage): Sending {
    this.calls.typing(false)
    return this.command({ type: 'post_message', ...message })
  }

  /** Does something, exactly once; with `expectVersion` only if the order still has it. */
  command(command: Command, expectVersion?: number): Sending {
    return this.calls.command(command, expectVersion)
  }

  /** The client's own: something changed. */
  refresh(): void {
    const now = this.look()
    const before = this.getSnapshot()
    const same = (Object.keys(now) as (keyof RoomState)[]).every(field => now[field] === before[field])
    if (!same || Object.keys(now).length !== Object.keys(before).length) this.state.set(now)
  }

  private look(): RoomState {
    const view = this.calls.view()
    return { ...(view ?? this.unknown), pending: this.calls.pending(), followed: view !== undefined }
  }
}

function nothingOf(order: OrderId): RoomView {
  return {
    order,
    status: 'joining',
    entries: [],
    items: [],
    head: 0,
    reachedStart: false,
    loadingOlder: false,
    olderFailed: false,
    members: [],
    cursors: {},
    typing: [],
    unread: { count: 0, exact: false },
  }
}
