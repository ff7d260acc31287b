// The rooms that are kept open: the ones looked at last stay followed, so that coming back finds them as they were.

import type { ChatClient, OrderId } from '@order-chat/client'

const KEEP = 6

export class Following {
  private readonly client: ChatClient
  private readonly held = new Map<OrderId, () => void>()

  constructor(client: ChatClient) {
    this.client = client
  }

  look(order: OrderId): void {
    const stop = this.held.get(order) ?? this.client.room(order).follow()
    this.held.delete(order)
    this.held.set(order, stop)
    const oldest = [...this.held.keys()].slice(0, -KEEP)
    for (const old of oldest) this.drop(old)
  }

  /** Lets go of it and takes it up anew: after an access that was not there before. */
  anew(order: OrderId): void {
    this.drop(order)
    this.look(order)
  }

  drop(order: OrderId): void {
    this.held.get(order)?.()
    this.held.delete(order)
  }

  end(): void {
    for (const order of [...this.held.keys()]) this.drop(order)
  }
}
