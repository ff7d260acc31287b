import type { Entry, Event, Item, OutboxItem } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { RowList, rowsOf, type Seen } from '../src/room/rows'

const START = new Date(2026, 10, 22, 10, 0).getTime()

function item(seq: number, user: string, minutes: number, event: Event): Item {
  const at = new Date(START + minutes * 60_000).toISOString()
  const entry: Entry = { seq, at, by: { role: 'buyer', user }, id: `id-${seq}`, event }
  return { key: `#${seq}`, entry }
}
const text: Event = { type: 'message.posted', text: 'x' }
const talk = (count: number, from = 1) =>
  Array.from({ length: count }, (_, n) => item(from + n, n % 3 === 0 ? 'me' : 'a', from + n, text))
const seen = (items: readonly Item[], more: Partial<Seen> = {}): Seen => ({
  items,
  pending: [],
  me: 'me',
  unreadAfter: undefined,
  reachedStart: true,
  ...more,
})

/** Numbers that look like chance, the same in each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return sides => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * sides)
  }
}

describe('the rows of one look after the other', () => {
  it('are those of a first look, whatever happened in between', () => {
    const events: Event[] = [
      text,
      text,
      { type: 'order.overdue' },
      { type: 'delivery.submitted', no: 1, kind: 'external', where: 'there' },
      { type: 'order.completed', close_reason: 'buyer_accept', delivery: 1 } as Event,
    ]
    for (let seed = 1; seed <= 30; seed += 1) {
      const roll = dice(seed)
      const list = new RowList()
      let [items, first, last, unreadAfter]: [Item[], number, number, number | undefined] = [
        [],
        500,
        500,
        undefined,
      ]
      let pending: OutboxItem[] = []
      for (let step = 0; step < 60; step += 1) {
        const any = (seq: number) =>
          item(seq, ['me', 'a', 'b'][roll(3)] ?? 'a', seq * (1 + roll(3)), events[roll(5)] ?? text)
        const what = roll(10)
        if (what < 6) items = [...items, any(last++)]
        else if (what === 6) items = [any(--first), ...items]
        else if (what === 7)
          items = items.map((one, at) => (at === items.length - 2 ? { ...one, text: 'edited' } : one))
        else if (what === 8)
          pending = roll(2)
            ? []
            : [
                {
                  id: `p${step}`,
                  command: { type: 'post_message', text: 'x' },
                  queuedAt: items.at(-1)?.entry.at ?? new Date(START).toISOString(),
                  state: 'queued',
                } as OutboxItem,
              ]
        else unreadAfter = roll(2) ? undefined : first + roll(50)
        const now = seen(items, { pending, unreadAfter, reachedStart: first < 499 })
        expect(list.next(now)).toEqual(rowsOf(now))
      }
    }
  })

  it('what comes at the end leaves the others the objects that they are', () => {
    const list = new RowList()
    const items = talk(100)
    const before = list.next(seen(items))
    const after = list.next(seen([...items, item(101, 'a', 500, text)]))
    expect(after.slice(0, before.length).every((row, at) => row === before[at])).toBe(true)
    expect(after).toHaveLength(before.length + 1)
  })

  it('history above does so too', () => {
    const list = new RowList()
    const items = talk(100, 51)
    const before = list.next(seen(items, { reachedStart: false }))
    const after = list.next(seen([...talk(50), ...items]))
    const kept = new Set(after)
    // The first of them may have a neighbour now.
    expect(before.filter(row => !kept.has(row)).length).toBeLessThanOrEqual(1)
  })
})
