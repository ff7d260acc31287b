// Whether one key alone does something here. Whoever dictates, or strikes keys unawares, turns it off (WCAG 2.1.4).

import { Value } from '../store'

export class SingleKeys extends Value<boolean> {
  private readonly storage: Storage
  private readonly key: string

  constructor(storage: Storage, user: string) {
    const key = `order-chat.keys/${user}`
    super(storage.getItem(key) !== 'off')
    this.storage = storage
    this.key = key
  }

  turn(): void {
    this.set(!this.getSnapshot())
    try {
      this.storage.setItem(this.key, this.getSnapshot() ? 'on' : 'off')
    } catch {
      // A full storage costs the choice after a reload.
    }
  }
}
