// What a person writes in a room: a new message, or the change of one, which has the field while it lasts; the message
// waits beneath it. Both are kept at every key, each by itself.

import type { OrderId, Room, Seq } from '@order-chat/client'
import { browserStorage } from '../storage'
import { Value } from '../store'
import { type Draft, Drafts } from './drafts'

export interface Writing {
  readonly draft: Draft
  readonly edit?: Edit
  /** It is being written down, and is not sent twice meanwhile. */
  readonly sending?: true
}

export interface Edit {
  readonly seq: Seq
  readonly text: string
}

const rooms = new WeakMap<Room, RoomWriting>()

/** The same one each time: it may be set from anywhere in the room. */
export function writingIn(room: Room, user: string): RoomWriting {
  const known = rooms.get(room)
  if (known) return known
  const writing = new RoomWriting(new Drafts(browserStorage, user), room.order)
  rooms.set(room, writing)
  return writing
}

export class RoomWriting extends Value<Writing> {
  /** How often something went out from here: whoever does something wants to see it. */
  readonly sent = new Value(0)
  private readonly drafts: Drafts
  private readonly order: OrderId

  constructor(drafts: Drafts, order: OrderId) {
    super({ draft: drafts.get(order) })
    this.drafts = drafts
    this.order = order
    this.open()
  }

  /** As it was left: before a reload, or in another tab. */
  open(): void {
    if (this.getSnapshot().sending) return
    const { editing, ...draft } = this.drafts.get(this.order)
    const text = editing === undefined ? '' : this.keptEdit(editing)
    this.set(editing === undefined || text === '' ? { draft } : { draft, edit: { seq: editing, text } })
  }

  type(text: string): void {
    const { edit, draft } = this.getSnapshot()
    this.change(edit ? { edit: { ...edit, text } } : { draft: { ...draft, text } })
  }

  /** An edit that is set aside for it is there when it is taken up again. */
  reply(replyTo: Seq): void {
    this.change({ draft: { ...this.getSnapshot().draft, replyTo }, edit: undefined })
  }

  edit(seq: Seq, text: string): void {
    this.change({ edit: { seq, text: this.keptEdit(seq) || text } })
  }

  /** Gives up the edit, else the reply; never a text that was not sent before. */
  stop(): void {
    const { edit, draft } = this.getSnapshot()
    if (edit) this.end(edit.seq)
    else this.change({ draft: { text: draft.text } })
  }

  /** Nothing while something is being written down. Afterwards what was sent is gone, and nothing else. */
  async send(queue: () => Promise<unknown>): Promise<void> {
    const what = this.getSnapshot()
    if (what.sending) return
    this.change({ sending: true })
    try {
      await queue()
      if (what.edit) this.saved(what.edit)
      else this.posted(what.draft)
    } finally {
      this.change({ sending: undefined })
    }
  }

  private saved({ seq, text }: Edit): void {
    const { edit } = this.getSnapshot()
    const now = edit?.seq === seq ? edit.text : this.keptEdit(seq)
    if (now === text) this.end(seq)
  }

  private posted(sent: Draft): void {
    const { text, replyTo } = this.getSnapshot().draft
    const rest = text.startsWith(sent.text) ? text.slice(sent.text.length) : text
    const answers = replyTo === undefined || replyTo === sent.replyTo ? {} : { replyTo }
    this.change({ draft: { text: rest, ...answers } })
    this.sent.set(this.sent.getSnapshot() + 1)
  }

  private end(seq: Seq): void {
    this.drafts.set(placeOf(this.order, seq), { text: '' })
    if (this.getSnapshot().edit?.seq === seq) this.change({ edit: undefined })
  }

  private keptEdit(seq: Seq): string {
    return this.drafts.get(placeOf(this.order, seq)).text
  }

  private change(what: { [K in keyof Writing]?: Writing[K] | undefined }): void {
    const { draft, edit, sending } = { ...this.getSnapshot(), ...what } as Writing
    this.drafts.set(this.order, { ...draft, ...(edit ? { editing: edit.seq } : {}) })
    if (edit) this.drafts.set(placeOf(this.order, edit.seq), { text: edit.text })
    this.set({ draft, ...(edit ? { edit } : {}), ...(sending ? { sending } : {}) })
  }
}

function placeOf(order: OrderId, seq: Seq): string {
  return `${order} ${seq}`
}
