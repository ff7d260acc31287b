// What the composer is at: a new message, a reply, or a change of a message. Set from anywhere in the room.

import type { OrderId, Seq } from '@order-chat/client'
import { Value } from '../store'

export interface Writing {
  readonly order: OrderId
  readonly replyTo?: Seq
  readonly edit?: { readonly seq: Seq; readonly text: string }
}

export const writing = new Value<Writing | undefined>(undefined)

export function startReply(order: OrderId, seq: Seq): void {
  writing.set({ order, replyTo: seq })
}

export function startEdit(order: OrderId, seq: Seq, text: string): void {
  writing.set({ order, edit: { seq, text } })
}

export function stopWriting(): void {
  writing.set(undefined)
}
