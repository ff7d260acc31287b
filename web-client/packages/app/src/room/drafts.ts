// What is being written and not sent, by person and place: a room, or something in it. It survives a reload. Its files are
// uploads, which are kept by themselves.

import type { Seq } from '@order-chat/client'
import type { Storing } from '../storage'

export interface Draft {
  readonly text: string
  readonly replyTo?: Seq
  /** The message that is being changed above it; the change has a place of its own. */
  readonly editing?: Seq
  /** Under which it was tried already: tried again it is the same. */
  readonly id?: string
}

export const noDraft: Draft = { text: '' }

/** More places than anybody writes in at once; the oldest drafts go first. */
const KEEP = 100

export class Drafts {
  private readonly storage: Storing
  private readonly key: string

  constructor(storage: Storing, user: string) {
    this.storage = storage
    this.key = `order-chat.drafts/${user}`
  }

  get(place: string): Draft {
    return this.all()[place] ?? noDraft
  }

  set(place: string, draft: Draft): void {
    const { [place]: _, ...others } = this.all()
    const empty = draft.text === '' && Object.keys(draft).length === 1
    const kept = Object.entries(others).slice(-(KEEP - 1))
    const now = Object.fromEntries(empty ? kept : [...kept, [place, draft]])
    this.storage.setItem(this.key, JSON.stringify(now))
  }

  /** Is something begun here? */
  has(place: string): boolean {
    const { text, editing } = this.get(place)
    return text.trim() !== '' || editing !== undefined
  }

  private all(): Record<string, Draft> {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? '{}') as Record<string, Draft>
    } catch {
      return {}
    }
  }
}
