// The application's end: every call may be made before there is a connection.

import { Alarm } from './clock.js'
import type { ConnectionState } from './connection.js'
import { type ChatEvent, Engine } from './engine.js'
import { Closed, NotQueued, Refused } from './errors.js'
import { bytesOf, encode } from './frames.js'
import { Http } from './http.js'
import type { HubMessage } from './hub.js'
import {
  emptyInbox,
  failed,
  type InboxView,
  withEntry,
  withLine,
  withPage,
  withRead,
  withSnapshot,
} from './inbox.js'
import { type Options, type Settings, settingsOf } from './options.js'
import type { OutboxItem } from './outbox.js'
import { Pending } from './pending.js'
import type {
  Ack,
  Command,
  CommandId,
  Entry,
  InboxTab,
  OrderId,
  Seq,
  ServerFrame,
  Side,
  UserId,
} from './protocol.js'
import { Room } from './room.js'
import { MemoryStorage, type OutboxStorage, openStorage } from './storage.js'
import { Cell, Listeners, type Store } from './store.js'
import { type Link, linkOf } from './tabs.js'

/** A command on its way. */
export interface Sending {
  readonly id: CommandId
  /** It is written down: it will be sent, also after a reload. Throws `NotQueued`; then nothing of it is kept. */
  readonly queued: Promise<OutboxItem>
  /** It is committed. Throws `Refused`, `NotQueued`, or `Closed` when this client stopped before. */
  readonly stored: Promise<Ack>
}

interface Waiter {
  resolve(ack: Ack): void
  reject(error: Error): void
}

const FRAME_BYTES = 65_536

export class ChatClient {
  /** Where the connection stands. Nothing to do about it: the client looks after it. */
  readonly connection: Store<ConnectionState>
  readonly inbox: Store<InboxView>
  /** Where the outbox is kept; undefined until that is known. `memory` does not survive a reload. */
  readonly storage: Store<'indexeddb' | 'memory' | undefined>

  private readonly settings: Settings
  private readonly engine: Engine
  private readonly pending: Pending
  private readonly http: Http
  private readonly state = new Cell<ConnectionState>({ is: 'idle' })
  private readonly list = new Cell<InboxView>(emptyInbox)
  private readonly kept = new Cell<'indexeddb' | 'memory' | undefined>(undefined)
  private readonly listeners = new Listeners<[ChatEvent]>()
  private readonly rooms = new Map<OrderId, Room>()
  private readonly waiters = new Map<CommandId, Waiter>()
  private readonly opened: Promise<OutboxStorage>
  private readonly tick: Alarm
  private readonly forgetEnvironment: () => void
  private link: Link | undefined
  private tab: InboxTab = 'all'
  private taking = 0
  private over = false

  /** Starts connecting at once. */
  constructor(options: Options) {
    this.settings = settingsOf(options)
    const { user, timing, keepEntries, environment } = this.settings
    this.engine = new Engine({ user, timing, keepEntries, chance: environment.chance })
    this.pending = new Pending(user)
    this.http = new Http(this.settings)
    this.tick = new Alarm(environment.clock, () => this.flush())
    this.connection = this.state
    this.inbox = this.list
    this.storage = this.kept
    this.forgetEnvironment = this.watchEnvironment()
    this.opened = this.open()
  }

  /** Everything that happens, in order; what it returns ends that. */
  readonly listen = (listener: (event: ChatEvent) => void): (() => void) => this.listeners.add(listener)

  /** A room's handle; the same one each time. It is followed only while somebody holds `follow`. */
  room(order: OrderId): Room {
    const known = this.rooms.get(order)
    if (known) return known
    const room = new Room(order, {
      follow: () => this.act(() => this.engine.follow(order)),
      unfollow: () => this.unfollow(order),
      older: limit => this.act(() => this.engine.older(order, limit)),
      read: seq => this.read(order, seq),
      typing: on => this.act(() => this.engine.typing(order, on, this.now())),
      command: (command, expectVersion) => this.command(order, command, expectVersion),
      view: () => this.engine.view(order),
      pending: () => this.pending.of(order),
    })
    this.rooms.set(order, room)
    return room
  }

  /** Does something in a room, exactly once. The room need not be followed. */
  command(order: OrderId, command: Command, expectVersion?: number): Sending {
    const id = this.settings.environment.newId()
    const version = expectVersion === undefined ? {} : { expectVersion }
    const queuedAt = this.settings.environment.clock.date().toISOString()
    const queued = this.queue({ id, order, command, ...version, queuedAt, state: 'queued', attempts: 0 })
    const stored = new Promise<Ack>((resolve, reject) => {
      this.waiters.set(id, { resolve, reject })
      queued.catch(error => {
        this.waiters.delete(id)
        reject(error)
      })
    })
    // Whoever does not wait for it is not told of it as an unhandled error: the outbox shows it.
    stored.catch(() => {})
    queued.catch(() => {})
    return { id, queued, stored }
  }

  /** The room of this user and another one without an order, made if there is none; this user is its buyer or its seller.
   * Throws `HttpProblem`, or what the network threw. */
  async openConversation(other: UserId, as: Side): Promise<OrderId> {
    const order = await this.http.openConversation(other, as)
    // Nothing was said in it, so nothing tells of it.
    void this.loadPage()
    return order
  }

  /** Tries a refused item again, at the end of its room. */
  retry(id: CommandId): void {
    this.link?.send({ kind: 'retry', id })
  }

  /** Deletes an item that is refused, or was never sent. One that may have happened stays. */
  discard(id: CommandId): void {
    this.link?.send({ kind: 'discard', id })
  }

  /** Everything in the outbox, of all rooms and tabs. */
  outbox(): readonly OutboxItem[] {
    return this.pending.unsettled()
  }

  /** Signals whether somebody is there; in a browser the page's visibility does so by itself. */
  presence(state: 'active' | 'away'): void {
    this.act(() => this.engine.present(state))
  }

  /** Begins anew after the connection was `closed` or lacked a token, for instance with a new login of the same user. */
  reconnect(): void {
    this.link?.send({ kind: 'reconnect' })
  }

  /** Tries the next endpoint now: drops a connection as a broken cable does, and waits out no delay. */
  moveOn(): void {
    this.link?.send({ kind: 'move_on' })
  }

  /** Reads the conversation list anew, of another tab if one is given. */
  async loadInbox(tab: InboxTab = this.tab): Promise<void> {
    this.tab = tab
    await this.loadPage()
  }

  /** The next page of the conversation list, if there is one. */
  async moreInbox(): Promise<void> {
    const { next } = this.list.getSnapshot()
    if (next !== undefined) await this.loadPage(next)
  }

  /** Stops this tab's client. What is in the outbox stays there. */
  close(): void {
    if (this.over) return
    this.over = true
    this.forgetEnvironment()
    this.tick.clear()
    this.link?.close()
    this.engine.disconnect()
    this.state.set({ is: 'closed', code: 1000, reason: 'closed by the application' })
    for (const waiter of this.waiters.values()) waiter.reject(new Closed(1000, 'closed by the application'))
    this.waiters.clear()
    void this.opened.then(storage => storage.close())
  }

  private async open(): Promise<OutboxStorage> {
    const storage = await this.openOutbox()
    if (this.over) return storage
    this.kept.set(storage.kind)
    const listener = { message: (message: HubMessage) => this.hear(message), lost: () => this.lost() }
    this.link = linkOf(this.settings, storage, listener)
    this.flush()
    return storage
  }

  private async openOutbox(): Promise<OutboxStorage> {
    const { scope, user, environment } = this.settings
    if (!environment.indexedDB) return new MemoryStorage()
    try {
      return await openStorage(environment.indexedDB, `${scope}/${user}`)
    } catch (error) {
      this.listeners.tell({
        type: 'problem',
        problem: `messages are not kept over a reload: ${String(error)}`,
      })
      return new MemoryStorage()
    }
  }

  private async queue(item: Omit<OutboxItem, 'no'>): Promise<OutboxItem> {
    this.checkSize(item)
    this.taking += 1
    try {
      const storage = await this.opened
      if (this.over) throw new Closed(1000, 'closed by the application')
      const queued = { ...item, no: await storage.add(item) }
      this.show(this.pending.change([{ id: item.id, item: queued }], () => true))
      this.link?.send({ kind: 'queued', item: queued })
      return queued
    } catch (error) {
      if (error instanceof Closed) throw error
      throw new NotQueued('storage', 'the message could not be kept in this browser', { cause: error })
    } finally {
      this.taking -= 1
    }
  }

  private checkSize({ id, order, command }: Omit<OutboxItem, 'no'>): void {
    if (this.over) throw new Closed(1000, 'closed by the application')
    const state = this.state.getSnapshot()
    const told = state.is === 'connected' ? state.welcome.limits.frame_bytes : FRAME_BYTES
    const ref = Number.MAX_SAFE_INTEGER
    const bytes = bytesOf(encode({ type: 'command', ref, id, order, command, expect_version: ref }))
    if (told > 0 && bytes > told) throw new NotQueued('too_large', `${bytes} bytes do not fit into a frame`)
    if (this.pending.unsettled().length + this.taking >= this.settings.outboxLimit) {
      throw new NotQueued('full', 'too many messages wait to be sent')
    }
  }

  private hear(message: HubMessage): void {
    switch (message.kind) {
      case 'state':
        this.changed(message.state)
        break
      case 'frame':
        this.receive(message.frame)
        break
      case 'outbox':
        this.outboxChanged(message)
        break
      case 'answer':
        this.answered(message)
        break
      case 'problem':
        this.listeners.tell({ type: 'problem', problem: message.problem })
    }
    this.flush()
  }

  private changed(state: ConnectionState): void {
    if (state.is === 'connected') {
      const before = this.state.getSnapshot()
      const same = before.is === 'connected' && before.welcome.session === state.welcome.session
      if (!same) this.welcomed()
    } else this.engine.disconnect()
    this.state.set(state)
  }

  private welcomed(): void {
    this.engine.welcomed(this.now())
    // A hub that is new may have missed what this tab wrote down while there was none.
    for (const item of this.pending.unsettled()) {
      if (this.waiters.has(item.id)) this.link?.send({ kind: 'queued', item })
    }
    void this.loadPage()
  }

  private lost(): void {
    this.engine.disconnect()
    this.state.set({ is: 'idle' })
    this.flush()
  }

  private receive(frame: ServerFrame): void {
    const { user } = this.settings
    this.engine.receive(frame, this.now())
    // Of a followed room it is the timeline that says what is next; others are followed by another tab.
    if (frame.type === 'entry' && !this.engine.view(frame.order)) this.listEntry(frame.order, frame.entry)
    if (frame.type === 'inbox') this.list.set(withLine(this.list.getSnapshot(), frame))
    if (frame.type === 'snapshot')
      this.list.set(withSnapshot(this.list.getSnapshot(), frame.order, frame.snapshot))
    if (frame.type === 'signal' && frame.kind === 'read' && frame.user === user)
      this.listRead(frame.order, frame.seq)
  }

  private outboxChanged({ changes, whole }: Extract<HubMessage, { kind: 'outbox' }>): void {
    const gone = whole ? this.pending.goneFrom(changes, id => this.waiters.has(id)) : []
    this.show(this.pending.change([...gone, ...changes], item => this.awaits(item)))
  }

  private answered({ id, ack, refusal }: Extract<HubMessage, { kind: 'answer' }>): void {
    const waiter = this.waiters.get(id)
    this.waiters.delete(id)
    if (ack) waiter?.resolve(ack)
    else if (refusal) waiter?.reject(new Refused(refusal))
  }

  /** Will the entry of a stored item come into a timeline of this tab? */
  private awaits({ order, seq }: OutboxItem): boolean {
    const view = this.engine.view(order)
    const last = view?.entries.at(-1)?.seq ?? 0
    return view !== undefined && view.status !== 'lost' && seq !== undefined && seq > last
  }

  private unfollow(order: OrderId): void {
    this.pending.settle(order)
    this.act(() => this.engine.unfollow(order))
  }

  private read(order: OrderId, seq: Seq): void {
    this.act(() => this.engine.read(order, seq, this.now()))
    this.listRead(order, seq)
  }

  private listEntry(order: OrderId, entry: Entry): void {
    this.list.set(withEntry(this.list.getSnapshot(), order, entry, this.settings.user))
  }

  private listRead(order: OrderId, seq: Seq): void {
    const unread = this.engine.view(order)?.unread
    this.list.set(withRead(this.list.getSnapshot(), order, seq, unread?.exact ? unread.count : undefined))
  }

  private async loadPage(cursor?: string): Promise<void> {
    const { tab } = this
    try {
      const page = await this.http.inbox(tab, cursor)
      if (tab === this.tab && !this.over)
        this.list.set(withPage(this.list.getSnapshot(), page, cursor === undefined))
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      if (tab === this.tab && !this.over)
        this.list.set(failed(this.list.getSnapshot(), problem, cursor === undefined))
    }
  }

  private act(change: () => void): void {
    if (this.over) return
    change()
    this.flush()
  }

  /** Sends what is to be sent, tells what is to be told, and sets the clock for the rest. */
  private flush(): void {
    if (this.over) return
    const now = this.now()
    this.engine.tick(now)
    for (const frame of this.engine.takeFrames()) this.link?.send({ kind: 'frame', frame })
    for (const event of this.engine.takeEvents()) this.tell(event)
    this.show(this.engine.takeChanges())
    const next = this.engine.nextTick()
    if (next === undefined) this.tick.clear()
    else this.tick.set(Math.max(next - now, 1))
  }

  private tell(event: ChatEvent): void {
    if (event.type === 'entry') {
      this.listEntry(event.order, event.entry)
      if (this.pending.appeared(event.order, event.entry)) this.show([event.order])
    }
    if (event.type === 'lost' || event.type === 'resynced') this.pending.settle(event.order)
    this.listeners.tell(event)
  }

  private show(orders: Iterable<OrderId>): void {
    for (const order of new Set(orders)) this.rooms.get(order)?.refresh()
  }

  private now(): number {
    return this.settings.environment.clock.now()
  }

  /** In a browser: whether there is a network, and whether the page is seen. */
  private watchEnvironment(): () => void {
    const stops: (() => void)[] = []
    const on = (target: EventTarget | undefined, name: string, run: () => void) => {
      target?.addEventListener(name, run)
      stops.push(() => target?.removeEventListener(name, run))
    }
    if (typeof window !== 'undefined') {
      on(window, 'online', () => this.link?.send({ kind: 'hurry' }))
      // A page that slept may hear of it when it is over.
      on(window, 'offline', () => navigator.onLine || this.link?.send({ kind: 'cut' }))
    }
    if (typeof document !== 'undefined') {
      on(document, 'visibilitychange', () => this.presence(document.hidden ? 'away' : 'active'))
    }
    return () => {
      for (const stop of stops) stop()
    }
  }
}
