// Tabs of one person with tokens of their own: a real BroadcastChannel, scripted sockets, and a clock that stands still, so
// that nobody is helped by a back-off that runs out.

import { IDBFactory } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ChatClient } from '../src/client.js'
import type { ConnectionState } from '../src/connection.js'
import type { SocketConstructor } from '../src/options.js'
import { ManualClock } from './clock.js'
import { TabLocks } from './locks.js'
import { Socket, welcome } from './sockets.js'

interface Tab {
  readonly client: ChatClient
  readonly states: ConnectionState[]
  /** None: it has ended. */
  token: string | undefined
  /** How often it was asked for. */
  asked: number
}

const opened: ChatClient[] = []
afterEach(() => {
  for (const client of opened.splice(0)) client.close()
})

/** A browser, at a server that takes only some tokens. */
function browser(...good: string[]) {
  const taken = new Set(good)
  const hellos: string[] = []
  const live = new Map<Socket, string>()
  class Dialled extends Socket {
    constructor(address: string) {
      super(address)
      setTimeout(() => this.onopen?.())
    }
    override send(data: string): void {
      super.send(data)
      const { type, token = '' } = JSON.parse(data) as { type: string; token?: string }
      if (type !== 'hello') return
      hellos.push(token)
      live.set(this, token)
      if (taken.has(token)) this.say({ ...welcome, token_expires_at: '2026-11-22T10:00:30Z' })
      else this.onclose?.({ code: 4001, reason: 'the token is not good' })
    }
  }
  const clock = new ManualClock()
  const environment = {
    clock,
    chance: () => 0.5,
    WebSocket: Dialled as unknown as SocketConstructor,
    fetch: async () => new Response('', { status: 503 }),
    locks: new TabLocks(),
    BroadcastChannel,
    indexedDB: new IDBFactory(),
  }
  const scope = crypto.randomUUID()
  const open = (token?: string): Tab => {
    const getToken = async () => {
      tab.asked += 1
      return tab.token ?? Promise.reject(new Error('it has ended'))
    }
    const client = new ChatClient({ endpoints: ['http://one'], user: 'me', scope, getToken, environment })
    const tab: Tab = { client, states: [], token, asked: 0 }
    client.connection.subscribe(() => tab.states.push(client.connection.getSnapshot()))
    opened.push(client)
    return tab
  }
  const revoke = (token: string) => {
    taken.delete(token)
    for (const [socket, whose] of live)
      if (whose === token) socket.onclose?.({ code: 4001, reason: 'revoked' })
  }
  return { open, hellos, clock, taken, revoke, scope, locks: environment.locks }
}

const state = ({ client }: Tab) => client.connection.getSnapshot()
const connected = (...tabs: Tab[]) =>
  vi.waitFor(() => expect(tabs.map(tab => state(tab).is)).toEqual(tabs.map(() => 'connected')))
const ended = (...tabs: Tab[]) =>
  vi.waitFor(() => {
    for (const tab of tabs) expect(state(tab)).toHaveProperty('tokenProblem')
  })
/** Everything that the tabs had to say to each other was said. */
const quiet = async (tabs: readonly Tab[]) => {
  const said = () => tabs.reduce((sum, tab) => sum + tab.states.length + tab.asked, 0)
  for (let before = -1; before !== said(); ) {
    before = said()
    for (let n = 0; n < 20; n += 1) await new Promise(resolve => setTimeout(resolve))
  }
}

describe('tabs of one person with tokens of their own', () => {
  it('a new sign-in is used at once, whichever tab has the socket', async () => {
    const { open, hellos } = browser('new')
    const old = open()
    await ended(old)
    const fresh = open('new')
    await connected(old, fresh)
    expect(hellos).toEqual(['new'])
  })

  it('so is one in a tab that was there before', async () => {
    const { open, hellos } = browser('new')
    const tabs = [open(), open(), open()] as const
    await ended(...tabs)
    tabs[2].token = 'new'
    tabs[2].client.reconnect()
    await connected(...tabs)
    expect(hellos).toEqual(['new'])
  })

  it('a new sign-in comes in time while the old one still lasts', async () => {
    const { open, hellos, clock } = browser('old', 'new')
    const old = open('old')
    await connected(old)
    old.token = undefined
    clock.advance(25_000)
    await ended(old)
    expect(state(old).is).toBe('connected')
    const fresh = open('new')
    await vi.waitFor(() => expect(hellos).toEqual(['old', 'new']))
    await vi.waitFor(() => expect([old, fresh].some(tab => 'tokenProblem' in state(tab))).toBe(false))
    await connected(old, fresh)
  })

  it('a token that is revoked is no good in its own tab alone', async () => {
    const { open, hellos, revoke } = browser('one', 'two')
    const one = open('one')
    await connected(one)
    const two = open('two')
    await connected(two)
    one.token = undefined
    revoke('one')
    await vi.waitFor(() => expect(hellos).toEqual(['one', 'two']))
    await connected(one, two)
    expect(one.states.some(({ is }) => is === 'closed')).toBe(true)
    expect(two.states.some(({ is }) => is === 'closed')).toBe(false)
  })

  it('a tab that comes to a hub whose token was refused does not hear it of its own', async () => {
    const { open, hellos } = browser('two')
    const one = open('one')
    await vi.waitFor(() => expect(state(one)).toMatchObject({ is: 'closed', code: 4001 }))
    const two = open('two')
    await connected(one, two)
    expect(hellos).toEqual(['one', 'two'])
    expect(two.states.some(({ is }) => is === 'closed')).toBe(false)
  })

  it('tokens that all are refused are each tried once, and again when a person asks', async () => {
    const { open, hellos, taken } = browser()
    const tabs = [open('one'), open('two'), open('three')]
    await vi.waitFor(() => expect(new Set(hellos)).toEqual(new Set(['one', 'two', 'three'])))
    await quiet(tabs)
    expect(hellos).toHaveLength(3)
    taken.add('two')
    tabs[1]?.client.reconnect()
    await connected(...tabs)
    expect(hellos.slice(3).filter(token => token !== 'two').length).toBeLessThan(2)
  })

  it('without any token they ask once in each back-off', async () => {
    const { open, hellos, clock } = browser()
    const tabs = [open(), open(), open()]
    await ended(...tabs)
    await quiet(tabs)
    const asked = () => tabs.map(tab => tab.asked)
    const before = asked()
    clock.advance(1_000)
    await quiet(tabs)
    expect(asked()).toEqual(before)
    clock.advance(2_000)
    await quiet(tabs)
    const more = asked().map((count, at) => count - (before[at] ?? 0))
    expect([Math.max(...more), hellos]).toEqual([1, []])
  })

  it('a person who signs in again need not wait for the end of the old sign-in, in any tab', async () => {
    const { open, hellos, clock } = browser('old', 'new')
    const [first, second] = [open('old'), open('old')]
    await connected(first, second)
    for (const tab of [first, second]) tab.token = undefined
    clock.advance(25_000)
    await ended(first, second)
    second.token = 'new'
    second.client.reconnect()
    await vi.waitFor(() => expect(hellos).toEqual(['old', 'new']))
    await connected(first, second)
  })

  it('a tab that may take the lock and ends leaves it to the next', async () => {
    const { open, hellos, scope, locks } = browser('three')
    const one = open('one')
    await vi.waitFor(() => expect(state(one).is).toBe('closed'))
    // A tab that offers itself, is told to take the lock, and never does.
    let end = () => {}
    const name = `${scope}/me`
    await new Promise<void>(held => {
      void locks.request(`${name}/tab/ghost`, {}, () => {
        held()
        return new Promise<void>(over => {
          end = over
        })
      })
    })
    const channel = new BroadcastChannel(name)
    const told = new Promise<void>(take => {
      channel.onmessage = ({ data }: MessageEvent) => {
        if (data.from !== 'hub' || data.to !== 'ghost') return
        if (data.take) take()
        else channel.postMessage({ from: 'tab', tab: 'ghost', hub: data.hub, offer: true })
      }
    })
    channel.postMessage({ from: 'tab', tab: 'ghost', attach: true })
    await told
    const three = open('three')
    await ended(three)
    expect(hellos).toEqual(['one'])
    end()
    await connected(one, three)
    channel.close()
  })

  it('the lock that was taken passes on when its tab closes', async () => {
    const { open, hellos } = browser('new', 'later')
    const tabs = [open(), open('new')] as const
    await connected(...tabs)
    tabs[0].token = 'later'
    tabs[1].client.close()
    await vi.waitFor(() => expect(hellos.at(-1)).toBe('later'))
    await connected(tabs[0])
  })
})
