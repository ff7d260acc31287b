// What exists once per user: the socket, the outbox that sends, and the switchboard between them and the tabs.
// It lives in the tab that leads, or in every tab where tabs cannot agree.

import { Alarm } from './clock.js'
import { Connection, type ConnectionState } from './connection.js'
import { type Refusal, refusalOf } from './errors.js'
import { type Delivery, EVERYBODY, Mux, type PortId, type Routed } from './mux.js'
import type { Settings } from './options.js'
import { Outbox, type OutboxChange, type OutboxItem } from './outbox.js'
import type { Ack, ClientFrame, CommandId, Rejected, ServerFrame } from './protocol.js'
import type { OutboxStorage } from './storage.js'

/** From the hub to a tab. */
export type HubMessage =
  | { readonly kind: 'state'; readonly state: ConnectionState }
  | { readonly kind: 'frame'; readonly frame: ServerFrame }
  /** With `whole`, what is not among the changes is not in the outbox. */
  | { readonly kind: 'outbox'; readonly changes: readonly OutboxChange[]; readonly whole?: boolean }
  /** A command was answered for good. */
  | { readonly kind: 'answer'; readonly id: CommandId; readonly ack?: Ack; readonly refusal?: Refusal }
  | { readonly kind: 'problem'; readonly problem: string }

/** From a tab to the hub. */
export type TabMessage =
  | { readonly kind: 'frame'; readonly frame: ClientFrame }
  /** Written down already. */
  | { readonly kind: 'queued'; readonly item: OutboxItem }
  | { readonly kind: 'retry'; readonly id: CommandId }
  | { readonly kind: 'discard'; readonly id: CommandId }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'hurry' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'move_on' }

export type Deliver = (to: PortId | typeof EVERYBODY, message: HubMessage) => void

const OUTBOX_PORT = 'outbox'
/** After how long a question that a machine could not answer is asked again, when the server does not say. */
const PAUSE_MS = 250

export class Hub {
  private readonly settings: Settings
  private readonly storage: OutboxStorage
  private readonly deliver: Deliver
  private readonly mux: Mux
  private readonly outbox: Outbox
  private readonly connection: Connection
  private readonly due: Alarm
  /** Which command a `ref` of the outbox asked for. */
  private readonly asked = new Map<number, CommandId>()
  private lastRef = 0
  private stopped = false

  constructor(settings: Settings, storage: OutboxStorage, deliver: Deliver) {
    this.settings = settings
    this.storage = storage
    this.deliver = deliver
    this.mux = new Mux(settings.user)
    this.mux.attach(OUTBOX_PORT, false)
    this.outbox = new Outbox({ perRoom: settings.inFlightPerRoom, all: settings.inFlight })
    this.due = new Alarm(settings.environment.clock, () => this.pump())
    this.connection = new Connection(settings, {
      state: state => this.changed(state),
      frame: frame => this.route(this.mux.hear(frame)),
      unreadable: problem => this.deliver(EVERYBODY, { kind: 'problem', problem }),
    })
  }

  get state(): ConnectionState {
    return this.connection.state
  }

  /** Takes over what is written down, then connects. */
  async start(): Promise<void> {
    try {
      this.outbox.restore(await this.storage.load())
    } catch (error) {
      this.problem('the outbox could not be read', error)
    }
    if (this.stopped) return
    this.pump()
    this.connection.start()
  }

  stop(): void {
    this.stopped = true
    this.due.clear()
    this.connection.stop()
  }

  attach(port: PortId): void {
    this.mux.attach(port)
    const changes = this.outbox.all().map(item => ({ id: item.id, item }))
    // Before the first welcome the database may not be read yet.
    this.deliver(port, { kind: 'outbox', changes, whole: this.state.is !== 'idle' })
    this.deliver(port, { kind: 'state', state: this.state })
  }

  detach(port: PortId): void {
    this.route(this.mux.detach(port))
  }

  receive(port: PortId, message: TabMessage): void {
    switch (message.kind) {
      case 'frame':
        return this.route(this.mux.ask(port, message.frame))
      case 'queued':
        this.outbox.push(message.item)
        return this.pump()
      case 'retry':
        void this.retry(message.id)
        return
      case 'discard':
        return this.discard(message.id)
      case 'reconnect':
        return this.connection.start()
      case 'hurry':
        return this.connection.hurry()
      case 'cut':
        return this.connection.cut()
      case 'move_on':
        return this.connection.moveOn()
    }
  }

  private changed(state: ConnectionState): void {
    if (state.is !== 'connected') {
      this.mux.disconnected()
      this.asked.clear()
      this.outbox.disconnected()
    }
    this.deliver(EVERYBODY, { kind: 'state', state })
    this.pump()
  }

  private route({ frames, deliveries }: Routed): void {
    for (const frame of frames) this.connection.send(frame)
    for (const delivery of deliveries) this.hand(delivery)
  }

  private hand({ to, frame }: Delivery): void {
    if (to !== OUTBOX_PORT) return this.deliver(to, { kind: 'frame', frame })
    if (frame.type === 'ack') this.acked(frame)
    if (frame.type === 'rejected') this.rejected(frame)
  }

  /** Sends what can be sent, tells and writes down what changed, and sets the clock for the rest. */
  private pump(): void {
    const now = this.settings.environment.clock.now()
    const items = this.state.is === 'connected' ? this.outbox.sendable(now) : []
    this.tell()
    for (const item of items) this.route(this.mux.ask(OUTBOX_PORT, this.commandOf(item)))
    const next = this.outbox.nextDue()
    if (next === undefined) this.due.clear()
    else this.due.set(Math.max(next - now, 1))
  }

  private commandOf({ id, order, command, expectVersion }: OutboxItem): ClientFrame {
    this.lastRef += 1
    this.asked.set(this.lastRef, id)
    const version = expectVersion === undefined ? {} : { expect_version: expectVersion }
    return { type: 'command', ref: this.lastRef, id, order, command, ...version }
  }

  private acked(ack: Ack): void {
    this.asked.delete(ack.ref ?? 0)
    const item = this.outbox.stored(ack.id, ack.seq)
    this.deliver(EVERYBODY, { kind: 'answer', id: ack.id, ack })
    if (item) this.write('a sent message could not be forgotten', this.storage.remove(item.no))
    this.pump()
  }

  private rejected(rejected: Rejected): void {
    const id = this.asked.get(rejected.ref)
    this.asked.delete(rejected.ref)
    if (id === undefined) return
    if (rejected.retry) {
      const { clock, chance } = this.settings.environment
      const told = rejected.retry_after_ms ?? PAUSE_MS
      this.outbox.again(id, clock.now() + told * (1 + chance() / 2))
    } else {
      const refusal = refusalOf(rejected)
      this.outbox.refused(id, refusal)
      this.keep(id)
      this.deliver(EVERYBODY, { kind: 'answer', id, refusal })
    }
    this.pump()
  }

  private async retry(id: CommandId): Promise<void> {
    const old = this.outbox.get(id)
    if (old?.state !== 'refused') return
    const { no: _, refusal: __, ...kept } = old
    try {
      // A new place at the end first, then the old one is given up: a crash between leaves both, never none.
      const fresh = old.refusal?.code === 'id_reused' ? this.settings.environment.newId() : id
      const no = await this.storage.add({ ...kept, id: fresh, state: 'queued', attempts: 0 })
      if (this.outbox.retry(id, no, fresh)) await this.storage.remove(old.no)
      else await this.storage.remove(no)
    } catch (error) {
      this.problem('the outbox could not be written', error)
    }
    this.pump()
  }

  private discard(id: CommandId): void {
    const item = this.outbox.get(id)
    if (item && this.outbox.discard(id))
      this.write('the outbox could not be written', this.storage.remove(item.no))
    this.pump()
  }

  private keep(id: CommandId): void {
    const item = this.outbox.get(id)
    if (item) this.write('the outbox could not be written', this.storage.put(item))
  }

  private tell(): void {
    const changes = this.outbox.takeChanges()
    if (changes.length > 0) this.deliver(EVERYBODY, { kind: 'outbox', changes })
  }

  private write(what: string, writing: Promise<void>): void {
    writing.catch(error => this.problem(what, error))
  }

  private problem(what: string, error: unknown): void {
    // After the end nobody is there to hear it, and the database is closed.
    if (!this.stopped) this.deliver(EVERYBODY, { kind: 'problem', problem: `${what}: ${String(error)}` })
  }
}
