import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Outbox, type OutboxItem } from '../src/outbox.js'
import { Pending } from '../src/pending.js'
import { openStorage } from '../src/storage.js'
import { entry } from './samples.js'

const item = (no: number, order = 'room'): OutboxItem => ({
  no,
  id: `id-${no}`,
  order,
  command: { type: 'post_message', text: `text ${no}` },
  queuedAt: '2026-11-22T10:00:00.000Z',
  state: 'queued',
  attempts: 0,
})
const ids = (items: readonly OutboxItem[]) => items.map(({ id }) => id)
const full = (...items: OutboxItem[]) => {
  const outbox = new Outbox({ perRoom: 1, all: 16 })
  for (const one of items) outbox.push(one)
  return outbox
}
const refusal = { code: 'wrong_state', message: 'Not now.' } as const

describe('an outbox', () => {
  it('one room goes one by one, in the order of giving, and rooms side by side', () => {
    const outbox = full(item(3), item(2), item(9, 'other'))
    expect(ids(outbox.sendable(0))).toEqual(['id-2', 'id-9'])
    expect(outbox.sendable(0)).toEqual([])
    outbox.stored('id-2', 7)
    expect(ids(outbox.sendable(0))).toEqual(['id-3'])
  })

  it('a window bounds what is on its way in all rooms together', () => {
    const outbox = new Outbox({ perRoom: 1, all: 2 })
    for (const no of [1, 2, 3]) outbox.push(item(no, `room-${no}`))
    expect(ids(outbox.sendable(0))).toEqual(['id-1', 'id-2'])
    outbox.stored('id-1', undefined)
    expect(ids(outbox.sendable(0))).toEqual(['id-3'])
  })

  it('G2: a retry keeps its id, waits its time, and holds its room back', () => {
    const outbox = full(item(1), item(2))
    outbox.sendable(0)
    outbox.again('id-1', 350)
    expect([outbox.sendable(349), outbox.nextDue()]).toEqual([[], 350])
    expect(ids(outbox.sendable(350))).toEqual(['id-1'])
  })

  it('G6: after a cut everything unanswered goes again with its id; so does what an earlier page left', () => {
    const outbox = full(item(1))
    outbox.sendable(0)
    outbox.disconnected()
    expect(outbox.sendable(0).map(({ id, attempts }) => [id, attempts])).toEqual([['id-1', 2]])
    const next = new Outbox({ perRoom: 1, all: 16 })
    next.restore([{ ...item(1), state: 'sent', attempts: 1 }])
    expect(ids(next.sendable(0))).toEqual(['id-1'])
  })

  it('a refused item keeps its text, lets the next one pass, and goes again when asked', () => {
    const outbox = full(item(1), item(2))
    outbox.sendable(0)
    outbox.refused('id-1', refusal)
    expect(ids(outbox.sendable(0))).toEqual(['id-2'])
    expect(outbox.get('id-1')).toMatchObject({ state: 'refused', refusal, command: { text: 'text 1' } })
    expect(outbox.retry('id-1', 8, 'fresh')).toMatchObject({
      id: 'id-1',
      no: 8,
      state: 'queued',
      attempts: 0,
    })
    outbox.stored('id-2', 1)
    expect(ids(outbox.sendable(0))).toEqual(['id-1'])
  })

  it('an id that was used for something else is given up when asked again', () => {
    const outbox = full(item(1))
    outbox.sendable(0)
    outbox.refused('id-1', { ...refusal, code: 'id_reused' })
    expect(outbox.retry('id-1', 2, 'fresh')?.id).toBe('fresh')
    expect(ids(outbox.all())).toEqual(['fresh'])
  })

  it('what may have happened cannot be taken back; what did not, can', () => {
    const outbox = full(item(1), item(2))
    outbox.sendable(0)
    expect([outbox.discard('id-1'), outbox.discard('id-2')]).toEqual([false, true])
    outbox.disconnected()
    expect(outbox.discard('id-1')).toBe(false)
    outbox.sendable(0)
    outbox.refused('id-1', refusal)
    expect(outbox.discard('id-1')).toBe(true)
    expect(outbox.all()).toEqual([])
  })

  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('push' as const), room: fc.integer({ min: 1, max: 3 }) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), room: fc.constant(0) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('store' as const, 'refuse' as const, 'again' as const, 'cut' as const),
        room: fc.integer({ min: 1, max: 3 }),
      }),
    },
  )

  it('each room’s commands are sent in the order they were given, one at a time, and none is forgotten', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const outbox = new Outbox({ perRoom: 1, all: 16 })
        const given = new Map<string, string[]>()
        const refused: string[] = []
        let no = 0
        for (const { do: act, room } of steps) {
          const waiting = given.get(`room-${room}`) ?? []
          const first = outbox.get(waiting[0] ?? '')
          if (act === 'push') {
            no += 1
            outbox.push(item(no, `room-${room}`))
            given.set(`room-${room}`, [...waiting, `id-${no}`])
          } else if (act === 'send') {
            for (const sent of outbox.sendable(0)) expect(sent.id).toBe(given.get(sent.order)?.[0])
          } else if (act === 'cut') outbox.disconnected()
          else if (first?.state === 'sent') {
            if (act === 'again') outbox.again(first.id, 0)
            else given.set(first.order, waiting.slice(1))
            if (act === 'store') outbox.stored(first.id, 1)
            if (act === 'refuse') {
              outbox.refused(first.id, refusal)
              refused.push(first.id)
            }
          }
        }
        expect(new Set(ids(outbox.all()))).toEqual(new Set([...[...given.values()].flat(), ...refused]))
      }),
    )
  })
})

describe('the database', () => {
  it('keeps what is given over a reload, in the order of giving', async () => {
    const first = await openStorage(indexedDB, 'reload')
    const { no: _, ...given } = item(0)
    const numbers = await Promise.all(['a', 'b', 'c'].map(id => first.add({ ...given, id })))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    await first.remove(numbers[1] ?? 0)
    await first.put({ ...given, id: 'c', no: numbers[2] ?? 0, state: 'refused', refusal })
    first.close()
    const second = await openStorage(indexedDB, 'reload')
    const kept = await second.load()
    expect(kept.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'queued'],
      ['c', 'refused'],
    ])
    second.close()
  })

  it('of another user is another one', async () => {
    const [one, other] = await Promise.all([openStorage(indexedDB, 'one'), openStorage(indexedDB, 'other')])
    await one.add(item(1))
    expect(await other.load()).toEqual([])
    one.close()
    other.close()
  })
})

describe('what a tab shows of the outbox', () => {
  const stored: OutboxItem = { ...item(1), state: 'stored', seq: 5 }
  const mine = { ...entry(5, undefined, 'me'), id: 'id-1' }

  it('an item stays until its entry is in the timeline, whichever comes first', () => {
    for (const order of ['answer first', 'entry first']) {
      const pending = new Pending('me')
      pending.change([{ id: 'id-1', item: item(1) }], () => true)
      if (order === 'answer first') {
        pending.change([{ id: 'id-1', item: stored }], () => true)
        expect(pending.of('room')).toEqual([stored])
        pending.appeared('room', mine)
      } else {
        pending.appeared('room', mine)
        expect(pending.of('room')).toEqual([])
        pending.change([{ id: 'id-1', item: stored }], () => true)
      }
      expect([pending.of('room'), pending.unsettled()]).toEqual([[], []])
    }
  })

  it('somebody else’s entry with the same id is not mine', () => {
    const pending = new Pending('me')
    pending.change([{ id: 'id-1', item: item(1) }], () => true)
    pending.appeared('room', { ...mine, by: { role: 'seller', user: 'other', name: 'Other' } })
    expect(ids(pending.of('room'))).toEqual(['id-1'])
  })

  it('what another tab’s hub settled unheard is not shown for ever; what this tab waits for is', () => {
    const pending = new Pending('me')
    pending.change(
      [1, 2, 3].map(no => ({ id: `id-${no}`, item: item(no) })),
      () => true,
    )
    const whole = [{ id: 'id-3', item: item(3) }]
    expect(pending.goneFrom(whole, id => id === 'id-2')).toEqual([{ id: 'id-1' }])
  })

  it('without a timeline to wait for, a stored item goes at once', () => {
    const pending = new Pending('me')
    pending.change([{ id: 'id-1', item: item(1) }], () => false)
    pending.change([{ id: 'id-1', item: stored }], () => false)
    expect(pending.of('room')).toEqual([])
  })
})
