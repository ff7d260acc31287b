// One tab's picture of the outbox, which the hub keeps, and of what became of it. An item is shown until its entry is.

import type { OutboxChange, OutboxItem } from './outbox.js'
import type { CommandId, Entry, OrderId, UserId } from './protocol.js'

export class Pending {
  private readonly me: UserId
  private readonly items = new Map<CommandId, OutboxItem>()
  /** Items whose entry is in the timeline, though the answer is still on its way. */
  private readonly seen = new Set<CommandId>()
  private shown = new Map<OrderId, readonly OutboxItem[]>()

  constructor(me: UserId) {
    this.me = me
  }

  /** All that are not stored yet. */
  unsettled(): OutboxItem[] {
    return [...this.items.values()].filter(item => item.state !== 'stored')
  }

  get(id: CommandId): OutboxItem | undefined {
    return this.items.get(id)
  }

  /** Of one room, in the order of giving; the same list until something changes. */
  of(order: OrderId): readonly OutboxItem[] {
    const known = this.shown.get(order)
    if (known) return known
    const items = [...this.items.values()].filter(item => item.order === order && !this.seen.has(item.id))
    items.sort((a, b) => a.no - b.no)
    this.shown.set(order, items)
    return items
  }

  /** What is here though the hub, which was asked for everything, has it no more. `waits` names what is not given up:
   * this tab waits for its answer, and will hand it over again. */
  goneFrom(whole: readonly OutboxChange[], waits: (id: CommandId) => boolean): OutboxChange[] {
    const there = new Set(whole.map(({ id }) => id))
    return this.unsettled().flatMap(({ id }) => (there.has(id) || waits(id) ? [] : [{ id }]))
  }

  /** The rooms that look different now. `awaits` says whether this tab will see the entry of a stored one. */
  change(changes: readonly OutboxChange[], awaits: (item: OutboxItem) => boolean): OrderId[] {
    return changes.flatMap(({ id, item }) => {
      const before = this.items.get(id)
      if (item && (item.state !== 'stored' || (awaits(item) && !this.seen.has(id)))) this.items.set(id, item)
      else this.forget(id)
      return this.touched(item?.order ?? before?.order)
    })
  }

  /** An entry is in the timeline: does an item go? */
  appeared(order: OrderId, entry: Entry): boolean {
    const item = this.items.get(entry.id)
    if (item?.order !== order || entry.by.user !== this.me) return false
    if (item.state === 'stored') this.forget(item.id)
    else this.seen.add(item.id)
    this.touched(order)
    return true
  }

  /** Of a room whose entries will not come: what is stored is no longer shown as pending. */
  settle(order: OrderId): void {
    for (const item of this.items.values()) {
      if (item.order === order && item.state === 'stored') this.forget(item.id)
    }
    this.touched(order)
  }

  private forget(id: CommandId): void {
    this.items.delete(id)
    this.seen.delete(id)
  }

  private touched(order: OrderId | undefined): OrderId[] {
    if (order === undefined) return []
    this.shown.delete(order)
    return [order]
  }
}
