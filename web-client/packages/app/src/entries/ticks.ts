// Which of the changes that were asked for are done, as far as this reader sees it: a note to oneself, kept in this browser.

import type { OrderId } from '@order-chat/client'
import type { Storing } from '../storage'
import { Value } from '../store'

/** More lists than anybody goes through. */
const KEEP = 100

type Ticked = Readonly<Record<string, readonly number[]>>

export class Ticks extends Value<Ticked> {
  private readonly storage: Storing
  private readonly key: string

  constructor(storage: Storing, user: string) {
    const key = `order-chat.ticks/${user}`
    super(kept(storage, key))
    this.storage = storage
    this.key = key
  }

  toggle(list: string, at: number): void {
    const { [list]: before = [], ...others } = this.getSnapshot()
    const now = before.includes(at) ? before.filter(one => one !== at) : [...before, at]
    this.set(Object.fromEntries([...Object.entries(others).slice(-(KEEP - 1)), [list, now]]))
    this.storage.setItem(this.key, JSON.stringify(this.getSnapshot()))
  }
}

export function listOf(order: OrderId, revision: number): string {
  return `${order} ${revision}`
}

function kept(storage: Storing, key: string): Ticked {
  try {
    return JSON.parse(storage.getItem(key) ?? '{}') as Ticked
  } catch {
    return {}
  }
}
