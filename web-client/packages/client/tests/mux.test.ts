import { describe, expect, it } from 'vitest'
import { EVERYBODY, Mux } from '../src/mux.js'
import type { ServerFrame } from '../src/protocol.js'
import { EPOCH, ORDER, range } from './samples.js'

const subscribe = { type: 'subscribe', ref: 1, order: ORDER } as const
const subscribed = (ref: number): ServerFrame => ({
  type: 'subscribed',
  ref,
  order: ORDER,
  epoch: EPOCH,
  head: 2,
  entries: range(1, 2),
  snapshot: { kind: 'conversation' } as never,
  members: [],
  cursors: {},
})

function two(): Mux {
  const mux = new Mux('me')
  mux.attach('a')
  mux.attach('b')
  return mux
}

describe('several tabs on one socket', () => {
  it('the same ref of two tabs is two questions, and each hears its own answer', () => {
    const mux = two()
    const refs = ['a', 'b'].map(
      id => mux.ask(id, { type: 'history', ref: 1, order: ORDER, before: 9, limit: 5 }).frames[0],
    )
    expect(refs).toMatchObject([{ ref: 1 }, { ref: 2 }])
    const { deliveries } = mux.hear({ type: 'entries', ref: 2, order: ORDER, entries: [], head: 9 })
    expect(deliveries).toMatchObject([{ to: 'b', frame: { ref: 1 } }])
    expect(mux.hear({ type: 'entries', ref: 2, order: ORDER, entries: [], head: 9 }).deliveries).toEqual([])
  })

  it('what one tab’s subscription brings is news to the others too', () => {
    const mux = two()
    mux.ask('a', subscribe)
    expect(mux.hear(subscribed(1)).deliveries.map(({ to }) => to)).toEqual(['a'])
    mux.ask('b', subscribe)
    const { deliveries } = mux.hear(subscribed(2))
    expect(deliveries).toMatchObject([
      { to: 'b', frame: { type: 'subscribed', ref: 1 } },
      { to: EVERYBODY, frame: { type: 'entries', head: 2 } },
    ])
    expect(deliveries[1]?.frame).not.toHaveProperty('ref')
  })

  it('a room is left by the last tab, also when that tab just ends', () => {
    const mux = two()
    mux.ask('a', subscribe)
    mux.ask('b', subscribe)
    const early = mux.ask('a', { type: 'unsubscribe', ref: 7, order: ORDER })
    expect(early).toMatchObject({
      frames: [],
      deliveries: [{ to: 'a', frame: { type: 'unsubscribed', ref: 7 } }],
    })
    expect(mux.detach('b').frames).toMatchObject([{ type: 'unsubscribe', order: ORDER }])
  })

  it('an answer for a tab that ended meanwhile leaves the room again', () => {
    const mux = two()
    mux.ask('a', subscribe)
    mux.detach('a')
    expect(mux.hear(subscribed(1))).toMatchObject({
      frames: [{ type: 'unsubscribe', order: ORDER }],
      deliveries: [],
    })
  })

  it('a person is away when all their tabs are; what is no tab says nothing', () => {
    const mux = two()
    mux.attach('outbox', false)
    const away = { type: 'presence', state: 'away' } as const
    expect(mux.ask('a', away).frames).toEqual([])
    expect(mux.ask('b', away).frames).toEqual([away])
    expect(mux.ask('a', { type: 'presence', state: 'active' }).frames).toMatchObject([{ state: 'active' }])
  })

  it('nothing of a connection outlives it', () => {
    const mux = two()
    mux.ask('a', subscribe)
    mux.disconnected()
    expect(mux.hear(subscribed(1))).toEqual({ frames: [], deliveries: [] })
    expect(mux.detach('a').frames).toEqual([])
  })
})
