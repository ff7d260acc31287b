// What is being written, by person and room: it survives a reload and is gone when it is sent. Its files are
// uploads, which are kept by themselves.

import type { OrderId, Seq } from '@order-chat/client'

export interface Draft {
  readonly text: string
  readonly replyTo?: Seq
}

export const noDraft: Draft = { text: '' }

/** More rooms than anybody writes in at once; the oldest drafts go first. */
const KEEP = 100

export class Drafts {
  private readonly storage: Storage
  private readonly key: string

  constructor(storage: Storage, user: string) {
    this.storage = storage
    this.key = `order-chat.drafts/${user}`
  }

  get(order: OrderId): Draft {
    return this.all()[order] ?? noDraft
  }

  set(order: OrderId, draft: Draft): void {
    const { [order]: _, ...others } = this.all()
    const empty = draft.text === '' && draft.replyTo === undefined
    const kept = Object.entries(others).slice(-(KEEP - 1))
    const now = Object.fromEntries(empty ? kept : [...kept, [order, draft]])
    try {
      this.storage.setItem(this.key, JSON.stringify(now))
    } catch {
      // A full storage costs the draft after a reload, not the text in the field.
    }
  }

  has(order: OrderId): boolean {
    return this.get(order).text.trim() !== ''
  }

  private all(): Record<OrderId, Draft> {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? '{}') as Record<OrderId, Draft>
    } catch {
      return {}
    }
  }
}
