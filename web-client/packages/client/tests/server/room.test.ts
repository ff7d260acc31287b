// One room on two real nodes: what people do in it, and what they see of each other.

import { IDBFactory } from 'fake-indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import { Refused } from '../../src/index.js'
import { ManualClock } from '../clock.js'
import { range, seqs } from '../samples.js'
import { closeAll, connected, deal, follow, NODES, tab, token, truth, until } from './world.js'

afterEach(closeAll)

const other = { endpoints: [...NODES].reverse() }

describe('a room', () => {
  it('S6, S38: both see one timeline, edits and retractions at their message', async () => {
    const there = await deal()
    const [buyer, seller] = [tab(there.buyer), tab(there.seller, other)]
    const [here, far] = [await follow(buyer, there.order), await follow(seller, there.order)]
    const first = await here.post({ text: 'Helo' }).stored
    const second = await here.post({ text: 'Wrong room' }).stored
    if (first.seq === undefined || second.seq === undefined) throw new Error('messages have a seq')
    await here.command({ type: 'edit_message', seq: first.seq, text: 'Hello' }).stored
    await here.command({ type: 'retract_message', seq: second.seq }).stored
    const view = await until(far, 'both', ({ items }) => items.some(({ retracted }) => retracted))
    const shown = view.items.filter(({ entry }) => entry.event.type === 'message.posted')
    expect(shown.map(({ text }) => text)).toEqual(['Hello', undefined])
    expect(view.entries).toEqual(await truth(there))
  })

  it('S7, S39: a conversation without an order is made once for two people, whoever asks', async () => {
    const there = await deal()
    const [buyer, seller] = [tab(there.buyer), tab(there.seller, other)]
    const order = await buyer.client.openConversation(there.seller, 'buyer')
    expect(order).not.toBe(there.order)
    expect(await seller.client.openConversation(there.buyer, 'seller')).toBe(order)
    const [here, far] = [await follow(buyer, order), await follow(seller, order)]
    await here.post({ text: 'Do you also draw?' }).stored
    const view = await until(far, 'the question', ({ items }) => items.length > 0)
    expect(view.snapshot?.kind).toBe('conversation')
    await until(buyer.client.inbox, 'its line', ({ rooms }) => rooms.some(room => room.order === order))
  })

  it('pages backwards to the start, without a hole, and no further', async () => {
    const there = await deal()
    const writer = tab(there.buyer).client.room(there.order)
    await Promise.all(Array.from({ length: 60 }, (_, n) => writer.post({ text: `${n}` }).stored))
    const reader = await follow(tab(there.seller, other), there.order)
    expect(reader.getSnapshot().entries.length).toBe(50)
    expect(reader.getSnapshot().reachedStart).toBe(false)
    while (!reader.getSnapshot().reachedStart) {
      reader.loadOlder(7)
      await until(reader, 'a page', ({ loadingOlder }) => !loadingOlder)
    }
    const { entries, head } = reader.getSnapshot()
    expect(seqs(entries)).toEqual(seqs(range(1, head)))
    reader.loadOlder()
    expect(reader.getSnapshot().loadingOlder).toBe(false)
  })

  it('actions come with the snapshot, and a step changes it for both', async () => {
    const there = await deal()
    const [buyer, seller] = [tab(there.buyer), tab(there.seller, other)]
    const [here, far] = [await follow(buyer, there.order), await follow(seller, there.order)]
    const allowed = far.getSnapshot().snapshot?.actions.find(({ command }) => command === 'accept_order')
    expect(allowed?.allowed).toBe(true)
    const version = far.getSnapshot().snapshot?.version
    await far.command({ type: 'accept_order' }, version).stored
    const seen = await until(
      here,
      'accepted',
      ({ snapshot }) => snapshot?.kind === 'order' && snapshot.state === 'in_progress',
    )
    expect(seen.snapshot?.version).toBeGreaterThan(version ?? 0)
    const again = far.command({ type: 'decline_order', reason: 'Too late' }, version)
    await expect(again.stored).rejects.toMatchObject({ refusal: { code: 'version_conflict' } })
  })

  it('an outsider is told, and nothing else is', async () => {
    const [mine, theirs] = [await deal(), await deal()]
    const room = tab(mine.buyer).client.room(theirs.order)
    room.follow()
    const view = await until(room, 'lost', ({ status }) => status === 'lost')
    expect([view.refusal?.code, view.entries]).toEqual(['order_not_found', []])
  })
})

describe('a refused command', () => {
  it('keeps its text over a reload, goes again when asked, or is deleted', async () => {
    const there = await deal()
    const environment = { indexedDB: new IDBFactory() }
    const before = tab(there.seller, { environment })
    const early = before.client.room(there.order).command({ type: 'deliver_external', where: 'By mail' })
    const nonsense = before.client.room(there.order).command({ type: 'retract_message', seq: 1 })
    await expect(early.stored).rejects.toBeInstanceOf(Refused)
    await expect(nonsense.stored).rejects.toBeInstanceOf(Refused)
    before.client.close()

    const { client } = tab(there.seller, { environment })
    const room = client.room(there.order)
    room.follow()
    const kept = await until(room, 'both are there', ({ pending }) => pending.length === 2)
    expect(kept.pending.map(({ state, refusal }) => [state, refusal?.code])).toMatchObject([
      ['refused', 'wrong_state'],
      ['refused', expect.any(String)],
    ])
    expect(kept.pending[0]?.command).toEqual({ type: 'deliver_external', where: 'By mail' })
    await room.command({ type: 'accept_order' }).stored
    client.retry(early.id)
    client.discard(nonsense.id)
    await until(room, 'delivered', ({ entries }) =>
      entries.some(({ event }) => event.type === 'delivery.submitted'),
    )
    await until(room, 'nothing waits', ({ pending }) => pending.length === 0)
    const delivered = (await truth(there)).filter(({ event }) => event.type === 'delivery.submitted')
    expect(delivered.map(({ id }) => id)).toEqual([early.id])
  })

  it('what does not fit is not taken, so that the text stays where it was written', async () => {
    const there = await deal()
    const room = tab(there.buyer).client.room(there.order)
    await expect(room.post({ text: '😀'.repeat(20_000) }).queued).rejects.toMatchObject({ why: 'too_large' })
    const full = tab(there.seller, { outboxLimit: 1, endpoints: ['http://127.0.0.1:9'] }).client.room(
      there.order,
    )
    await full.post({ text: 'one' }).queued
    await expect(full.post({ text: 'two' }).queued).rejects.toMatchObject({ why: 'full' })
  })
})

describe('the other person', () => {
  it('S3: is seen writing, being there and reading, across nodes', async () => {
    const there = await deal()
    const [buyer, seller] = [tab(there.buyer), tab(there.seller, other)]
    const [here, far] = [await follow(buyer, there.order), await follow(seller, there.order)]
    here.typing()
    await until(far, 'writes', ({ typing }) => typing.includes(there.buyer))
    const { seq = 0 } = await here.post({ text: 'Done' }).stored
    await until(
      far,
      'the message',
      ({ entries, typing }) => entries.at(-1)?.seq === seq && typing.length === 0,
    )
    expect(far.getSnapshot().unread.count).toBeGreaterThan(0)
    far.read()
    await until(here, 'has read', ({ cursors }) => cursors[there.seller] === seq)
    expect(far.getSnapshot().unread).toEqual({ count: 0, exact: expect.any(Boolean) })
    seller.client.presence('away')
    const presence = (state: string) =>
      until(here, state, ({ members }) => members.some(m => m.user === there.seller && m.presence === state))
    await presence('away')
    seller.client.close()
    await presence('gone')
  })

  it('S7, S35: the conversation list counts what is unread, with and without following', async () => {
    const there = await deal()
    const seller = tab(there.seller, other)
    const line = (what: string, unread: (n: number) => boolean) =>
      until(seller.client.inbox, what, ({ rooms }) =>
        rooms.some(r => r.order === there.order && unread(r.unread)),
      )
    await line('the new order', n => n > 0)
    const before = seller.client.inbox.getSnapshot().unread.entries
    const here = tab(there.buyer).client.room(there.order)
    await here.post({ text: 'Hello' }).stored
    const told = await line('told of a message', n => n === before + 1)
    expect(told.rooms[0]?.last?.preview).toBe('Hello')
    const room = await follow(seller, there.order)
    await here.post({ text: 'Are you there?' }).stored
    const derived = await line('derived from the entry', n => n === before + 2)
    expect(derived.rooms[0]?.last?.preview).toBe('Are you there?')
    room.read()
    await line('read', n => n === 0)
  })
})

describe('tokens', () => {
  it('are renewed before their end, on the same connection', async () => {
    const there = await deal()
    const clock = new ManualClock()
    const asked: number[] = []
    const getToken = async () => {
      asked.push(clock.now())
      return token(there.buyer)
    }
    const environment = { clock, indexedDB: new IDBFactory() }
    const one = tab(there.buyer, { getToken, environment, timing: { silenceBeats: 1000 } })
    await connected(one)
    await until(one.client.inbox, 'ready', ({ status }) => status === 'ready')
    const connection = one.client.connection.getSnapshot()
    const before = asked.length
    clock.advance(59 * 60_000 - 1_000)
    expect(asked.length).toBe(before)
    clock.advance(2_000)
    expect(asked.length).toBe(before + 1)
    await one.client.room(there.order).post({ text: 'still here' }).stored
    // Without an answer it would be asked for again by now.
    clock.advance(30_000)
    expect(asked.length).toBe(before + 1)
    expect(one.client.connection.getSnapshot()).toBe(connection)
  })

  it('that cannot be had are reported, and asked for again', async () => {
    const there = await deal()
    let failures = 2
    const getToken = async () => {
      failures -= 1
      if (failures >= 0) throw new Error('the login service is away')
      return token(there.buyer)
    }
    const one = tab(there.buyer, { getToken, timing: { backOffMs: 1 } })
    const waiting = await until(one.client.connection, 'waiting', ({ is }) => is === 'waiting')
    expect(waiting).toMatchObject({ tokenProblem: 'no token: the login service is away' })
    const state = await until(one.client.connection, 'connected', ({ is }) => is === 'connected')
    expect(state).not.toHaveProperty('tokenProblem')
  })

  it('of somebody else, or bad ones, end it; a new login begins anew', async () => {
    const there = await deal()
    let login = () => token(there.seller)
    const one = tab(there.buyer, { getToken: async () => login() })
    const closed = () => until(one.client.connection, 'closed', ({ is }) => is === 'closed')
    expect(await closed()).toMatchObject({ code: 4001 })
    login = () => 'nonsense'
    one.client.reconnect()
    await until(one.client.connection, 'tried', state => state.is === 'closed' && state.reason !== '')
    login = () => token(there.buyer)
    one.client.reconnect()
    await connected(one)
  })
})
