// What a reply answers, in a line. Pure.

import type { Item, Seq } from '@order-chat/client'
import { actorName, eventText, type Telling } from '../words/sentences'

export interface Quoted {
  readonly name: string
  readonly text: string
}

export function quoteOf(items: readonly Item[], seq: Seq, telling: Telling): Quoted | undefined {
  const item = itemAt(items, seq)
  if (!item) return undefined
  const { by, event } = item.entry
  const name = actorName(by, telling)
  if (item.retracted) return { name, text: telling.w.message.retracted }
  if (event.type !== 'message.posted') return { name, text: eventText(event, by, telling) }
  return { name, text: item.text ?? event.files?.map(({ name }) => name).join(', ') ?? '' }
}

/** They ascend, with holes where an edit stands. */
function itemAt(items: readonly Item[], seq: Seq): Item | undefined {
  let [from, to] = [0, items.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((items[middle]?.entry.seq ?? 0) < seq) from = middle + 1
    else to = middle
  }
  const found = items[from]
  return found?.entry.seq === seq ? found : undefined
}
