// What a real node does rarely or never: another history, holes, withdrawn access. Frames go in and come out.

import { describe, expect, it } from 'vitest'
import { usualTiming } from '../src/backoff.js'
import { Engine } from '../src/engine.js'
import type { Entry, ServerFrame } from '../src/protocol.js'
import { EPOCH, entry, ORDER, range, seqs } from './samples.js'

const subscribed = (ref: number, entries: Entry[], head: number, epoch = EPOCH): ServerFrame => ({
  type: 'subscribed',
  ref,
  order: ORDER,
  epoch,
  head,
  entries,
  snapshot: { kind: 'conversation', version: 1 } as never,
  members: [],
  cursors: { me: 1 },
})
const live = (seq: number): ServerFrame => ({ type: 'entry', order: ORDER, entry: entry(seq) })
const view = (engine: Engine) => engine.view(ORDER)

function following(last = 3): Engine {
  const engine = new Engine({ user: 'me', timing: usualTiming, keepEntries: 1000, chance: () => 0 })
  engine.follow(ORDER)
  engine.welcomed(0)
  expect(engine.takeFrames()).toEqual([{ type: 'subscribe', ref: 1, order: ORDER }])
  engine.receive(subscribed(1, range(1, last), last), 0)
  expect(seqs(engine.takeEvents().flatMap(event => (event.type === 'entry' ? [event.entry] : [])))).toEqual(
    seqs(range(1, last)),
  )
  return engine
}

describe('the rooms of a tab', () => {
  it('G4: resume after their place, in its epoch, on any node', () => {
    const engine = following()
    engine.disconnect()
    expect(view(engine)?.status).toBe('joining')
    engine.welcomed(10)
    expect(engine.takeFrames()).toEqual([{ type: 'subscribe', ref: 2, order: ORDER, after: 3, epoch: EPOCH }])
    engine.receive(subscribed(2, range(4, 5), 6), 10)
    expect(view(engine)?.status).toBe('catching_up')
    engine.receive({ type: 'entries', order: ORDER, entries: [entry(6)], head: 6 }, 10)
    expect([view(engine)?.status, seqs(view(engine)?.entries ?? [])]).toEqual(['live', [1, 2, 3, 4, 5, 6]])
  })

  it('G11: a hole is not shown: what is missing is asked for, and a second time slower', () => {
    const engine = following()
    engine.receive(live(5), 0)
    expect(engine.takeEvents()).toEqual([])
    expect(engine.takeFrames()).toMatchObject([{ type: 'subscribe', ref: 2, after: 3 }])
    engine.receive(subscribed(2, [entry(5)], 5), 0)
    expect([engine.takeFrames(), engine.nextTick()]).toEqual([[], 500])
    engine.tick(500)
    expect(engine.takeFrames()).toMatchObject([{ ref: 3, after: 3 }])
    engine.receive(subscribed(3, range(4, 5), 5), 500)
    expect(seqs(view(engine)?.entries ?? [])).toEqual([1, 2, 3, 4, 5])
  })

  it('G11: a head that was heard of and does not come is asked for', () => {
    const engine = following()
    engine.receive({ type: 'heartbeat', at: '', heads: { [ORDER]: 4 } }, 100)
    expect(engine.nextTick()).toBe(100 + usualTiming.behindMs)
    engine.tick(100 + usualTiming.behindMs)
    expect(engine.takeFrames()).toMatchObject([{ type: 'subscribe', after: 3 }])
  })

  it.each([
    ['the answer names another epoch', (ref: number) => subscribed(ref, [entry(4)], 4, 'another')],
    [
      'the server says so',
      (ref: number): ServerFrame => ({
        type: 'rejected',
        ref,
        code: 'resync_required',
        message: '',
        retry: false,
      }),
    ],
  ])('G5: another history begins anew, and says so (%s)', (_, answer) => {
    const engine = following()
    engine.welcomed(0)
    engine.takeFrames()
    engine.receive(answer(2), 0)
    expect(engine.takeEvents()).toEqual([{ type: 'resynced', order: ORDER }])
    expect(engine.takeFrames()).toEqual([{ type: 'subscribe', ref: 3, order: ORDER }])
    expect(view(engine)).toMatchObject({ entries: [], status: 'joining' })
    engine.receive(subscribed(3, range(1, 2), 2, 'another'), 0)
    expect(seqs(view(engine)?.entries ?? [])).toEqual([1, 2])
  })

  it('G8: nothing more comes after access was withdrawn', () => {
    const engine = following()
    engine.receive({ type: 'unsubscribed', order: ORDER, reason: 'access_withdrawn' }, 0)
    expect(engine.takeEvents()).toMatchObject([{ type: 'lost', refusal: { code: 'access_withdrawn' } }])
    engine.receive(live(4), 0)
    expect([engine.takeEvents(), view(engine)?.status]).toEqual([[], 'lost'])
  })

  it('staff who join later are members by their name until they leave', () => {
    const engine = following()
    const ada = { user: 'a1', name: 'Ada' }
    const tell = (version: number, ...agents: (typeof ada)[]) =>
      engine.receive(
        {
          type: 'snapshot',
          order: ORDER,
          snapshot: { kind: 'order', version, parties: { agents } } as never,
        },
        0,
      )
    tell(2, ada)
    expect(view(engine)?.members).toEqual([{ ...ada, role: 'agent', presence: 'active' }])
    engine.receive({ type: 'signal', kind: 'presence', order: ORDER, user: 'a1', state: 'away' }, 0)
    tell(3, ada, { user: 'a2', name: 'Bo' })
    expect(view(engine)?.members).toEqual([
      { ...ada, role: 'agent', presence: 'away' },
      { user: 'a2', name: 'Bo', role: 'agent', presence: 'active' },
    ])
    tell(4)
    expect(view(engine)?.members).toEqual([])
  })

  it('an older page that a reconnect cut off is asked for again', () => {
    const engine = new Engine({ user: 'me', timing: usualTiming, keepEntries: 1000, chance: () => 0 })
    engine.follow(ORDER)
    engine.welcomed(0)
    engine.receive(subscribed(1, range(71, 72), 72), 0)
    engine.takeFrames()
    engine.older(ORDER, 20)
    expect(engine.takeFrames()).toMatchObject([{ type: 'history', before: 71, limit: 20 }])
    engine.older(ORDER, 20)
    expect(engine.takeFrames()).toEqual([])
    engine.welcomed(0)
    engine.takeFrames()
    engine.receive(subscribed(3, [], 72), 0)
    expect(engine.takeFrames()).toMatchObject([{ type: 'history', ref: 4, before: 71 }])
    engine.receive({ type: 'entries', ref: 4, order: ORDER, entries: range(51, 70), head: 72 }, 0)
    expect([view(engine)?.entries[0]?.seq, view(engine)?.loadingOlder]).toEqual([51, false])
  })

  it('an older page that could not be read stays wanted, and is asked for later and later', () => {
    const engine = new Engine({ user: 'me', timing: usualTiming, keepEntries: 1000, chance: () => 0 })
    engine.follow(ORDER)
    engine.welcomed(0)
    engine.receive(subscribed(1, range(71, 72), 72), 0)
    engine.older(ORDER, 20)
    engine.takeFrames()
    const refuse = (ref: number, now: number, told?: number) =>
      engine.receive(
        {
          type: 'rejected',
          ref,
          code: 'unavailable',
          message: 'not now',
          retry: true,
          ...(told === undefined ? {} : { retry_after_ms: told }),
        },
        now,
      )
    let now = 0
    for (const [at, [told, pause]] of (
      [
        [undefined, 1000],
        [5000, 5000],
        [250, 4000],
      ] as const
    ).entries()) {
      refuse(at + 2, now, told)
      expect(view(engine)).toMatchObject({ loadingOlder: true, olderFailed: true })
      // Who asks meanwhile changes nothing.
      engine.older(ORDER, 20)
      expect([engine.takeFrames(), engine.nextTick()]).toEqual([[], now + pause])
      now += pause
      engine.tick(now)
      expect(engine.takeFrames()).toMatchObject([{ type: 'history', ref: at + 3, before: 71, limit: 20 }])
    }
    for (let ref = 5; ref < 20; ref += 1) {
      refuse(ref, now)
      now = engine.nextTick() ?? now
      engine.tick(now)
    }
    refuse(20, now)
    expect(engine.nextTick()).toBe(now + usualTiming.longestMs)
    engine.tick(now + usualTiming.longestMs)
    engine.receive({ type: 'entries', ref: 21, order: ORDER, entries: range(51, 70), head: 72 }, now)
    expect(view(engine)?.entries[0]?.seq).toBe(51)
    expect(view(engine)).toMatchObject({ loadingOlder: false, olderFailed: false })
    expect(engine.nextTick()).toBeUndefined()
  })

  it('a new connection asks for it at once', () => {
    const engine = new Engine({ user: 'me', timing: usualTiming, keepEntries: 1000, chance: () => 0 })
    engine.follow(ORDER)
    engine.welcomed(0)
    engine.receive(subscribed(1, range(71, 72), 72), 0)
    engine.older(ORDER, 20)
    engine.receive({ type: 'rejected', ref: 2, code: 'unavailable', message: '', retry: true }, 0)
    engine.welcomed(10)
    engine.takeFrames()
    engine.receive(subscribed(3, [], 72), 10)
    expect(engine.takeFrames()).toMatchObject([{ type: 'history', before: 71, limit: 20 }])
  })

  it('writing is told at most every 3 s, and ends by itself', () => {
    const engine = following()
    for (const now of [0, 1000, 2999]) engine.typing(ORDER, true, now)
    expect(engine.takeFrames()).toEqual([{ type: 'typing', order: ORDER, on: true }])
    engine.typing(ORDER, true, 3000)
    expect(engine.takeFrames()).toHaveLength(1)
    engine.tick(7999)
    expect(engine.takeFrames()).toEqual([])
    engine.tick(8000)
    expect(engine.takeFrames()).toEqual([{ type: 'typing', order: ORDER, on: false }])
  })

  it('somebody else’s writing ends although its end was lost, and with their message', () => {
    const engine = following()
    const writes: ServerFrame = { type: 'signal', order: ORDER, user: 'seller', kind: 'typing', on: true }
    engine.receive(writes, 0)
    expect(view(engine)?.typing).toEqual(['seller'])
    engine.tick(7000)
    expect(view(engine)?.typing).toEqual([])
    engine.receive(writes, 8000)
    engine.receive(live(4), 8000)
    expect(view(engine)?.typing).toEqual([])
  })

  it('read marks gather, go forward only, and outlive a connection', () => {
    const engine = following()
    expect(view(engine)?.unread).toEqual({ count: 2, exact: true })
    for (const seq of [2, 3, 1]) engine.read(ORDER, seq, 0)
    expect([engine.takeFrames(), view(engine)?.unread.count]).toEqual([[], 0])
    engine.disconnect()
    engine.welcomed(1000)
    engine.tick(1000)
    expect(engine.takeFrames().filter(({ type }) => type === 'read')).toEqual([
      { type: 'read', order: ORDER, seq: 3 },
    ])
  })

  it('a read mark that a connection took with it is said again, until the server has it', () => {
    const engine = following()
    const reads = () => engine.takeFrames().filter(({ type }) => type === 'read')
    engine.read(ORDER, 3, 0)
    engine.tick(300)
    expect(reads()).toEqual([{ type: 'read', order: ORDER, seq: 3 }])
    engine.welcomed(1000)
    engine.receive(subscribed(2, [], 3), 1000)
    engine.tick(1300)
    expect(reads()).toEqual([{ type: 'read', order: ORDER, seq: 3 }])
    engine.welcomed(2000)
    engine.receive({ ...subscribed(3, [], 3), cursors: { me: 3 } } as ServerFrame, 2000)
    engine.tick(2300)
    expect(reads()).toEqual([])
  })
})
