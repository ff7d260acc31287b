// Commands without an answer: in order per room, with the id they keep until one comes (G2, G6). Pure: what has to
// be written or told is collected in `takeChanges`.

import type { Refusal } from './errors.js'
import type { Command, CommandId, OrderId, Seq } from './protocol.js'

/** queued: written down, on its way when there is a connection · sent: on its way, no answer yet ·
 * stored: committed by the server · refused: the rules said no; it stays until it is retried or deleted. */
export type OutboxState = 'queued' | 'sent' | 'stored' | 'refused'

export interface OutboxItem {
  /** The place in the order of giving, over all rooms and tabs. */
  readonly no: number
  /** The same id asks for the same thing: it happens at most once. */
  readonly id: CommandId
  readonly order: OrderId
  readonly command: Command
  readonly expectVersion?: number
  /** When it was given (RFC 3339), by this machine's clock. */
  readonly queuedAt: string
  readonly state: OutboxState
  /** How often it was sent. Above 0 and without an answer it may have happened. */
  readonly attempts: number
  /** Of a stored one: its first entry; absent when nothing went to the room's timeline. */
  readonly seq?: Seq
  /** Of a refused one: why. */
  readonly refusal?: Refusal
}

/** What became of an item; without `item` it is gone. */
export interface OutboxChange {
  readonly id: CommandId
  readonly item?: OutboxItem
}

export interface Windows {
  /** Commands of one room on their way at once. With more than one, a retry may overtake what follows it. */
  readonly perRoom: number
  /** Of all rooms together. */
  readonly all: number
}

export class Outbox {
  private readonly windows: Windows
  private readonly items = new Map<CommandId, OutboxItem>()
  private readonly notBefore = new Map<CommandId, number>()
  private changes = new Map<CommandId, OutboxItem | undefined>()

  constructor(windows: Windows) {
    this.windows = windows
  }

  /** Takes an item in; one that is known already stays as it is. */
  push(item: OutboxItem): boolean {
    if (this.items.has(item.id)) return false
    this.set(item)
    return true
  }

  /** What an earlier page or tab left: whatever was on its way then may have happened, or not. */
  restore(items: readonly OutboxItem[]): void {
    for (const item of items) {
      const attempts = Math.max(item.attempts, 1)
      this.push(item.state === 'refused' ? item : { ...item, state: 'queued', attempts })
    }
  }

  get(id: CommandId): OutboxItem | undefined {
    return this.items.get(id)
  }

  /** In the order of giving. */
  all(): OutboxItem[] {
    return [...this.items.values()].sort((a, b) => a.no - b.no)
  }

  /** What can be sent now; it counts as sent. */
  sendable(now: number): OutboxItem[] {
    const ready = this.first().filter(
      item => item.state === 'queued' && (this.notBefore.get(item.id) ?? 0) <= now,
    )
    const onTheirWay = [...this.items.values()].filter(item => item.state === 'sent').length
    return ready.slice(0, Math.max(0, this.windows.all - onTheirWay)).map(item => {
      this.notBefore.delete(item.id)
      return this.set({ ...item, state: 'sent', attempts: item.attempts + 1 })
    })
  }

  /** When something can be sent that cannot be now for its own pause. */
  nextDue(): number | undefined {
    const times = this.first().flatMap(({ id, state }) =>
      state === 'queued' ? (this.notBefore.get(id) ?? []) : [],
    )
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Committed: the server has it now. */
  stored(id: CommandId, seq: Seq | undefined): OutboxItem | undefined {
    const item = this.items.get(id)
    if (!item) return undefined
    const { refusal: _, ...rest } = item
    const stored: OutboxItem = { ...rest, state: 'stored', ...(seq === undefined ? {} : { seq }) }
    this.forget(id)
    this.changes.set(id, stored)
    return stored
  }

  /** The rules said no. It keeps its text, and no longer holds its room back. */
  refused(id: CommandId, refusal: Refusal): void {
    const item = this.items.get(id)
    if (item) this.set({ ...item, state: 'refused', refusal })
  }

  /** It shall be tried again with the same id, not before this moment. */
  again(id: CommandId, notBefore: number): void {
    const item = this.items.get(id)
    if (item?.state !== 'sent') return
    this.notBefore.set(id, notBefore)
    this.set({ ...item, state: 'queued' })
  }

  /** The connection ended: what was on its way may or may not have happened, so it is sent again. */
  disconnected(): void {
    for (const item of this.items.values()) {
      if (item.state === 'sent') this.set({ ...item, state: 'queued' })
    }
  }

  /** A person wants a refused one tried again: at the end of its room, as `no`. An id that was used for something
   * else can never be right again, so that one gets `freshId`. */
  retry(id: CommandId, no: number, freshId: CommandId): OutboxItem | undefined {
    const item = this.items.get(id)
    if (item?.state !== 'refused') return undefined
    const { refusal, ...rest } = item
    const again = refusal?.code === 'id_reused' ? freshId : id
    if (again !== id) this.remove(id)
    return this.set({ ...rest, id: again, no, state: 'queued', attempts: 0 })
  }

  /** A person takes it back. Not possible once it may have happened: false. */
  discard(id: CommandId): boolean {
    const item = this.items.get(id)
    if (!item || !(item.state === 'refused' || (item.state === 'queued' && item.attempts === 0))) return false
    this.remove(id)
    return true
  }

  /** What changed since the last time, each item once, as it is now. */
  takeChanges(): OutboxChange[] {
    const changes = [...this.changes].map(([id, item]) => (item ? { id, item } : { id }))
    this.changes = new Map()
    return changes
  }

  /** The first of each room that wait for an answer, as many as may be on their way at once. */
  private first(): OutboxItem[] {
    const taken = new Map<OrderId, number>()
    return this.all().filter(({ state, order }) => {
      if (state === 'refused') return false
      const count = (taken.get(order) ?? 0) + 1
      taken.set(order, count)
      return count <= this.windows.perRoom
    })
  }

  private set(item: OutboxItem): OutboxItem {
    this.items.set(item.id, item)
    this.changes.set(item.id, item)
    return item
  }

  private forget(id: CommandId): void {
    this.items.delete(id)
    this.notBefore.delete(id)
  }

  private remove(id: CommandId): void {
    this.forget(id)
    this.changes.set(id, undefined)
  }
}
