// Whether one key alone does something here. Whoever dictates, or strikes keys unawares, turns it off (WCAG 2.1.4).

import type { Storing } from '../storage'
import { Value } from '../store'

export class SingleKeys extends Value<boolean> {
  private readonly storage: Storing
  private readonly key: string

  constructor(storage: Storing, user: string) {
    const key = `order-chat.keys/${user}`
    super(storage.getItem(key) !== 'off')
    this.storage = storage
    this.key = key
  }

  turn(): void {
    this.set(!this.getSnapshot())
    this.storage.setItem(this.key, this.getSnapshot() ? 'on' : 'off')
  }
}
