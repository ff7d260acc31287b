// Several tabs of one person: one socket, and nothing lost when its tab goes. Real nodes and a real BroadcastChannel.

import { IDBFactory } from 'fake-indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import { TabLocks } from '../locks.js'
import { Cable } from './cable.js'
import { closeAll, connected, deal, follow, heard, NODES, type Tab, tab, truth, until } from './world.js'

let cable: Cable | undefined

afterEach(() => {
  closeAll()
  cable?.close()
})

/** What opens tabs of one browser. */
async function browser(user: string): Promise<() => Tab> {
  cable = await Cable.to(NODES[0] ?? '')
  const environment = { locks: new TabLocks(), BroadcastChannel, indexedDB: new IDBFactory() }
  const endpoints = [cable.url]
  return () => tab(user, { endpoints, shareSocket: true, environment })
}

const texts = (one: Tab, order: string) =>
  heard(one, order).flatMap(({ event }) => (event.type === 'message.posted' ? [event.text] : []))

describe('tabs of one person', () => {
  it('share one socket; each hears everything once, in order', async () => {
    const there = await deal()
    const open = await browser(there.buyer)
    const tabs = [open(), open(), open()]
    const rooms = await Promise.all(tabs.map(one => follow(one, there.order)))
    const all = Array.from({ length: 12 }, (_, n) => `message ${n}`)
    await Promise.all(all.map((text, n) => rooms[n % 3]?.post({ text }).stored))
    const entries = await truth(there)
    for (const [at, room] of rooms.entries()) {
      await until(room, 'everything', view => view.entries.at(-1)?.seq === entries.length)
      expect(heard(tabs[at] as Tab, there.order)).toEqual(entries)
      await until(room, 'nothing waits', ({ pending }) => pending.length === 0)
    }
    expect(new Set(texts(tabs[0] as Tab, there.order))).toEqual(new Set(all))
    expect(cable?.sockets).toBe(1)
  })

  it('a tab that comes later knows how far its clock is from the server’s', async () => {
    const there = await deal()
    const open = await browser(there.buyer)
    const first = open()
    await connected(first)
    const second = open()
    await connected(second)
    const [heard, told] = [first, second].map(({ client }) => client.connection.getSnapshot())
    expect(heard).toMatchObject({ is: 'connected', heardAt: expect.any(Number) })
    expect(told).toEqual(heard)
    expect(cable?.sockets).toBe(1)
  })

  it('when the tab with the socket closes, another takes over, and everything is stored once', async () => {
    const there = await deal()
    const open = await browser(there.buyer)
    const first = open()
    await connected(first)
    const second = open()
    const room = await follow(second, there.order)
    const third = open()
    await connected(third)
    const all = Array.from({ length: 20 }, (_, n) => `message ${n}`)
    const stored = all.map(text => room.post({ text }).stored)
    await stored[3]
    first.client.close()
    await Promise.all(stored)
    const entries = await truth(there)
    await until(room, 'everything', view => view.entries.at(-1)?.seq === entries.length)
    expect(heard(second, there.order)).toEqual(entries)
    expect(texts(second, there.order)).toEqual(all)
    await until(room, 'nothing waits', ({ pending }) => pending.length === 0)
    await connected(third)
    expect(cable?.sockets).toBe(2)
  })

  it('what a tab wrote and could not send before it closed, another one sends', async () => {
    const there = await deal()
    const open = await browser(there.buyer)
    const first = open()
    await connected(first)
    cable?.refuse(true)
    await first.client.room(there.order).post({ text: 'left behind' }).queued
    const second = open()
    const room = second.client.room(there.order)
    await until(room, 'shown as waiting', ({ pending }) => pending.length === 1)
    first.client.close()
    cable?.refuse(false)
    room.follow()
    await until(
      room,
      'stored',
      ({ items, pending }) => pending.length === 0 && items.at(-1)?.text === 'left behind',
    )
  })

  it('a room is left when the last tab leaves it, however that tab ends', async () => {
    const there = await deal()
    const open = await browser(there.buyer)
    const [first, second] = [open(), open()]
    await follow(first, there.order)
    const stop = second.client.room(there.order).follow()
    await until(second.client.room(there.order), 'live', ({ status }) => status === 'live')
    stop()
    const seller = await follow(tab(there.seller), there.order)
    await seller.post({ text: 'still followed' }).stored
    await until(
      first.client.room(there.order),
      'heard',
      ({ items }) => items.at(-1)?.text === 'still followed',
    )
    const third = open()
    await follow(third, there.order)
    first.client.close()
    await seller.post({ text: 'and now' }).stored
    await until(third.client.room(there.order), 'heard', ({ items }) => items.at(-1)?.text === 'and now')
  })

  it('read in one tab is read in the others', async () => {
    const there = await deal()
    const open = await browser(there.seller)
    const [first, second] = [open(), open()]
    const unread = (one: Tab, n: (count: number) => boolean) =>
      until(one.client.inbox, 'unread', ({ rooms }) =>
        rooms.some(r => r.order === there.order && n(r.unread)),
      )
    const room = await follow(first, there.order)
    await unread(second, n => n > 0)
    room.read()
    await unread(second, n => n === 0)
  })
})
