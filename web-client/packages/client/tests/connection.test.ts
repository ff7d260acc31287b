// When to come back, and when never: a scripted socket and a clock that stands still.

import { describe, expect, it } from 'vitest'
import { Connection, type ConnectionState } from '../src/connection.js'
import { type Options, type SocketConstructor, settingsOf } from '../src/options.js'
import { ManualClock } from './clock.js'
import { Socket, welcome } from './sockets.js'

function dialled(options: Partial<Options> = {}) {
  const [clock, sockets, states] = [new ManualClock(), [] as Socket[], [] as ConnectionState[]]
  class Dialled extends Socket {
    constructor(address: string) {
      super(address)
      sockets.push(this)
    }
  }
  const environment = { clock, chance: () => 0.5, WebSocket: Dialled as unknown as SocketConstructor }
  const getToken = async () => 't'
  const settings = settingsOf({
    endpoints: ['http://one', 'https://two/'],
    user: 'me',
    getToken,
    ...options,
    environment,
  })
  const connection = new Connection(settings, {
    state: state => states.push(state),
    frame: () => {},
    unreadable: () => {},
  })
  connection.start()
  /** What was promised came. */
  const settled = async () => {
    for (let n = 0; n < 5; n += 1) await Promise.resolve()
  }
  /** The newest socket, once its token is there. */
  const socket = async () => {
    await settled()
    const newest = sockets.at(-1)
    if (!newest) throw new Error('nothing was dialled')
    return newest
  }
  const welcomed = async () => {
    const newest = await socket()
    newest.onopen?.()
    newest.say(welcome)
    return newest
  }
  return { connection, clock, sockets, states, settled, socket, welcomed }
}

describe('a connection', () => {
  it('says hello first, at the endpoints in turn', async () => {
    const { clock, socket, welcomed, connection } = dialled()
    const first = await welcomed()
    expect(first.address).toBe('ws://one/v1/socket')
    expect(first.sent).toEqual([{ type: 'hello', token: 't', client: expect.any(String) }])
    expect(connection.state).toMatchObject({ is: 'connected', endpoint: 'http://one' })
    first.onclose?.({ code: 1006, reason: '' })
    clock.advance(30_000)
    expect((await socket()).address).toBe('wss://two/v1/socket')
  })

  it('answers heartbeats, and takes a node that says nothing for gone', async () => {
    const { clock, welcomed, connection } = dialled()
    const first = await welcomed()
    clock.advance(59_000)
    first.say({ type: 'heartbeat', at: '', heads: {} })
    expect(first.sent.at(-1)).toEqual({ type: 'heartbeat' })
    clock.advance(59_999)
    expect(connection.state.is).toBe('connected')
    clock.advance(1)
    expect([connection.state, first.closed]).toMatchObject([
      { is: 'waiting', reason: 'nothing was heard' },
      true,
    ])
  })

  it('without a welcome in time goes on to the next', async () => {
    const { clock, socket, connection } = dialled()
    const first = await socket()
    clock.advance(10_000)
    expect([connection.state.is, first.closed]).toEqual(['waiting', true])
  })

  it.each([
    [4000, undefined, undefined],
    [4001, undefined, undefined],
    [1009, undefined, undefined],
    [4100, undefined, 1500],
    [4101, 4000, 4500],
    [4150, undefined, 1500],
    [4200, 800, 800],
    [4242, undefined, 125],
    [1006, undefined, 125],
    [1012, undefined, 1500],
  ])('closed with %i after a goodbye of %s ms comes back after %s ms', async (code, told, delayMs) => {
    const { welcomed, connection } = dialled()
    const first = await welcomed()
    first.say({
      type: 'goodbye',
      code,
      reason: 'why',
      ...(told === undefined ? {} : { retry_after_ms: told }),
    })
    // The close frame may be lost on the way; its goodbye was not.
    first.onclose?.({ code: 1006, reason: '' })
    if (delayMs === undefined) expect(connection.state).toEqual({ is: 'closed', code, reason: 'why' })
    else expect(connection.state).toMatchObject({ is: 'waiting', code, delayMs })
  })

  it('comes back at once when the network does, but not before a server wants it', async () => {
    const { welcomed, connection } = dialled()
    const first = await welcomed()
    first.onclose?.({ code: 1006, reason: '' })
    connection.hurry()
    expect(connection.state.is).toBe('connecting')
    const second = await welcomed()
    second.onclose?.({ code: 4100, reason: '' })
    connection.hurry()
    expect(connection.state.is).toBe('waiting')
  })

  it('is gone when the network is, however long a dead socket would look alive', async () => {
    const { welcomed, connection, clock } = dialled()
    const first = await welcomed()
    connection.cut()
    expect(first.closed).toBe(true)
    expect(connection.state).toMatchObject({ is: 'waiting', code: 1006 })
    // A browser that is wrong about its network is back in a moment.
    clock.advance(1000)
    await welcomed()
    expect(connection.state.is).toBe('connected')
  })

  it('is tried at once when a person asks, whatever the delay and whoever asked for it', async () => {
    const { welcomed, socket, connection, states } = dialled()
    const first = await welcomed()
    first.say({ type: 'goodbye', code: 4100, reason: 'overloaded', retry_after_ms: 20_000 })
    first.onclose?.({ code: 4100, reason: '' })
    expect(connection.state).toMatchObject({ is: 'waiting', delayMs: 20_500 })
    connection.moveOn()
    expect(connection.state.is).toBe('connecting')
    const second = await socket()
    connection.moveOn()
    expect([states.slice(-2).map(({ is }) => is), second.closed]).toEqual([['waiting', 'connecting'], true])
    await welcomed()
    expect(connection.state.is).toBe('connected')
  })

  it('keeps when it heard what time it is on the server', async () => {
    const { welcomed, clock, connection } = dialled()
    clock.advance(1234)
    await welcomed()
    const heardAt = clock.date().getTime()
    clock.advance(5000)
    expect(connection.state).toMatchObject({ is: 'connected', heardAt })
  })

  it.each(['start', 'moveOn'] as const)(
    'that waits for want of a token dials at once when there may be another (%s)',
    async again => {
      let token: string | undefined
      const getToken = async () => token ?? Promise.reject(new Error('it has ended'))
      const { connection, welcomed, settled } = dialled({ getToken })
      await settled()
      expect(connection.state).toMatchObject({ is: 'waiting', tokenProblem: 'no token: it has ended' })
      connection.hurry()
      expect(connection.state.is).toBe('waiting')
      token = 'new'
      connection[again]()
      expect((await welcomed()).sent).toMatchObject([{ type: 'hello', token: 'new' }])
      expect(connection.state).not.toHaveProperty('tokenProblem')
    },
  )

  it('is not dropped by a beginning that comes while it lives, or is on its way with a token', async () => {
    const { connection, sockets, socket, welcomed } = dialled()
    await socket()
    connection.start()
    await welcomed()
    connection.start()
    expect([connection.state.is, sockets.length]).toEqual(['connected', 1])
  })

  it('what a network does not take for too long is a broken one', async () => {
    const { welcomed, connection } = dialled()
    const first = await welcomed()
    first.bufferedAmount = 5 << 20
    connection.send({ type: 'heartbeat' })
    expect(connection.state).toMatchObject({ is: 'waiting', reason: 'nothing can be written' })
  })

  it('stops for good, and starts anew when asked', async () => {
    const { welcomed, connection, clock, sockets } = dialled()
    const first = await welcomed()
    connection.stop()
    clock.advance(100_000)
    expect([connection.state.is, first.closed, sockets.length]).toEqual(['closed', true, 1])
    connection.start()
    await welcomed()
    expect(connection.state.is).toBe('connected')
  })

  it('a token function that never answers is not waited for without end', async () => {
    const { clock, connection } = dialled({ getToken: () => new Promise(() => {}) })
    clock.advance(10_000)
    expect(connection.state).toMatchObject({ is: 'waiting', reason: 'no welcome in time' })
  })
})
