// What a reply answers, in a line. Pure.

import type { Item, Seq } from '@order-chat/client'
import { actorName, eventText, type Telling } from '../words/sentences'

export interface Quoted {
  readonly name: string
  readonly text: string
}

export function quoteOf(items: readonly Item[], seq: Seq, telling: Telling): Quoted | undefined {
  const item = items.find(({ entry }) => entry.seq === seq)
  if (!item) return undefined
  const { by, event } = item.entry
  const name = actorName(by, telling)
  if (item.retracted) return { name, text: telling.w.message.retracted }
  if (event.type !== 'message.posted') return { name, text: eventText(event, by, telling) }
  return { name, text: item.text ?? event.files?.map(({ name }) => name).join(', ') ?? '' }
}
