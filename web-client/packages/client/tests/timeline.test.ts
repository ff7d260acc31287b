import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ItemList, itemsOf, keyOf } from '../src/items.js'
import {
  emptyTimeline,
  firstOf,
  heardHead,
  isBehind,
  isOfAnother,
  joined,
  left,
  placeOf,
  prepend,
  type Timeline,
  take,
} from '../src/timeline.js'
import { unreadOf } from '../src/unread.js'
import { EPOCH, entry, range, seqs } from './samples.js'

const at = (last: number): Timeline =>
  joined({ ...emptyTimeline, last, epoch: EPOCH }, EPOCH, last, undefined)

describe('a timeline', () => {
  it('begins anywhere, and goes on from there', () => {
    const begun = take(joined(emptyTimeline, EPOCH, 120, 71), range(71, 72))
    expect(seqs(begun.fresh)).toEqual([71, 72])
    expect(placeOf(begun.timeline)).toEqual({ after: 72, epoch: EPOCH })
    expect(isBehind(begun.timeline)).toBe(true)
    expect(firstOf(begun.timeline)).toBe(71)
  })

  it('of an empty room begins at its head', () => {
    expect(seqs(take(joined(emptyTimeline, EPOCH, 0, undefined), range(1, 1)).fresh)).toEqual([1])
    expect(placeOf(emptyTimeline)).toEqual({})
  })

  it('takes what lies before a hole, nothing behind it, and says so', () => {
    const { timeline, fresh, gap } = take(at(5), [entry(6), entry(8)])
    expect([seqs(fresh), gap, timeline.last, timeline.following]).toEqual([[6], true, 6, false])
  })

  it('takes nothing between asking and the answer', () => {
    expect(take(left(at(5)), [entry(6)]).fresh).toEqual([])
  })

  it('knows another history, and the heads it is behind of', () => {
    expect([
      isOfAnother(at(5), 'other'),
      isOfAnother(emptyTimeline, 'other'),
      isOfAnother(at(5), EPOCH),
    ]).toEqual([true, false, false])
    expect([isBehind(at(5)), isBehind(heardHead(at(5), 7)), isBehind(heardHead(at(5), 4))]).toEqual([
      false,
      true,
      false,
    ])
  })

  it('pages backwards without holes: what does not end just before the first entry stays out', () => {
    const here = take(joined(emptyTimeline, EPOCH, 9, 7), range(7, 9)).timeline
    expect(seqs(prepend(here, range(4, 6), 7)?.entries ?? [])).toEqual([4, 5, 6, 7, 8, 9])
    expect(prepend(here, range(4, 5), 7)).toBeUndefined()
    expect(prepend(here, [entry(4), entry(6)], 7)).toBeUndefined()
    expect(prepend(here, range(3, 5), 6)).toBeUndefined()
  })

  it('drops from the old end when it holds too much', () => {
    const kept = (count: number, keep: number) => seqs(take(at(0), range(1, count), keep).timeline.entries)
    expect(kept(20, 20)).toHaveLength(20)
    expect(kept(21, 20)).toEqual(seqs(range(4, 21)))
  })

  it('G4: whatever arrives in whatever order and pages, what goes on is gapless, in order and once', () => {
    const page = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(page, { maxLength: 60 }), (start, pages) => {
        let timeline = at(start)
        let last = start
        for (const page of pages) {
          const taken = take(
            timeline,
            page.map(seq => entry(seq)),
          )
          expect(seqs(taken.fresh)).toEqual(seqs(range(last + 1, last + taken.fresh.length)))
          last += taken.fresh.length
          expect(taken.gap).toBe(!taken.timeline.following)
          if (taken.gap) expect(page.some(seq => seq > last + 1)).toBe(true)
          expect(seqs(taken.timeline.entries)).toEqual(seqs(range(start + 1, last)))
          timeline = joined(taken.timeline, EPOCH, last, undefined)
        }
      }),
    )
  })
})

describe('what a person sees', () => {
  const talk = [
    entry(1),
    entry(2),
    entry(3, { type: 'message.edited', seq: 1, text: 'better' }),
    entry(4, { type: 'message.retracted', seq: 2 }),
    entry(5, { type: 'message.edited', seq: 1, text: 'best' }),
  ]

  it('edits and retractions stand at their message', () => {
    const items = itemsOf(talk)
    expect(items.map(item => [item.entry.seq, item.text, item.edited?.seq, item.retracted?.seq])).toEqual([
      [1, 'best', 5, undefined],
      [2, undefined, undefined, 4],
    ])
  })

  it('an edit whose message is not here yet waits for it; what did not change stays the same object', () => {
    const tail = itemsOf(talk.slice(1))
    expect(tail.map(item => item.entry.seq)).toEqual([2])
    const all = itemsOf(talk, tail)
    expect(all[0]?.text).toBe('best')
    expect(all[1]).toBe(tail[0])
  })

  it('of a timeline that grows they are those of the whole; what did not change stays the same object', () => {
    const step = fc.record({
      what: fc.constantFrom('say', 'say', 'say', 'edit', 'retract', 'older', 'drop'),
      of: fc.nat({ max: 30 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const list = new ItemList()
        let [entries, first, last] = [[entry(30)], 30, 30]
        for (const { what, of } of steps) {
          const before = list.next(entries)
          if (what === 'older' && first > 1) entries = [entry(--first), ...entries]
          else if (what === 'drop') entries = entries.slice(1 + (of % 3))
          else {
            const seq = first + (of % (last - first + 1))
            const change = {
              type: what === 'edit' ? 'message.edited' : 'message.retracted',
              seq,
              text: `${of}`,
            }
            last += 1
            entries = [...entries, what === 'say' ? entry(last) : entry(last, change as never)]
          }
          first = entries[0]?.seq ?? last + 1
          const items = list.next(entries)
          expect(items).toEqual(itemsOf(entries))
          if (what === 'say') expect(items.slice(0, -1).every((item, n) => item === before[n])).toBe(true)
        }
      }),
    )
  })

  it('an event of the future is a line of its own', () => {
    const future = entry(1, { type: 'mood.changed' } as never)
    expect(itemsOf([future])).toEqual([{ key: '#1', entry: future }])
  })

  it('two people with the same command id have different keys', () => {
    expect(keyOf({ ...entry(1), id: 'x' })).not.toBe(keyOf({ ...entry(2, undefined, 'buyer'), id: 'x' }))
  })

  it('unread is what others did after the cursor, without the bot', () => {
    const bot = { ...entry(4, { type: 'bot.prompted' } as never), by: { role: 'bot' as const } }
    const entries = [entry(2), entry(3, undefined, 'buyer'), bot, entry(5)]
    expect(unreadOf(entries, 2, 1, 'buyer')).toEqual({ count: 2, exact: true })
    expect(unreadOf(entries, 2, 2, 'buyer')).toEqual({ count: 1, exact: true })
    expect(unreadOf(entries, 2, 0, 'buyer')).toEqual({ count: 2, exact: false })
  })
})
