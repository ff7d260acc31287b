// @vitest-environment happy-dom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  arrived,
  goodToken,
  newcomer,
  person,
  refuse,
  signedOut,
  signIn,
  signOut,
} from '../src/session/person'
import { setServerTime } from '../src/time/clock'

function token(claims: Readonly<Record<string, unknown>>, hours = 1): string {
  const part = (value: unknown) =>
    btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))
  const exp = Math.floor(Date.now() / 1000) + hours * 3600
  return `${part({ alg: 'none' })}.${part({ exp, ...claims })}.x`.replaceAll('+', '-').replaceAll('/', '_')
}
const HOUR = 3_600_000
/** The server's clock, from which this machine's differs by so much. */
const sayServerTime = (aheadMs = 0) => setServerTime(new Date(Date.now() - aheadMs).toISOString(), Date.now())
const send = (jwt: string) => window.history.replaceState(null, '', `/orders/o#token=${jwt}`)

describe('somebody whom the host sent', () => {
  beforeEach(() => {
    sessionStorage.clear()
    signedOut.set(undefined)
    vi.stubGlobal('fetch', async () => new Response('', { status: 404 }))
  })
  afterEach(() => {
    signOut()
    vi.unstubAllGlobals()
  })
  const opened = (jwt: string) => {
    send(jwt)
    window.dispatchEvent(new Event('hashchange'))
  }

  it('is signed in by the token, which does not stay in the address', () => {
    const jwt = token({ sub: 'u-17', role: 'user', name: 'Käuferin' })
    send(jwt)
    expect(arrived()).toEqual({ user: 'u-17', role: 'user', name: 'Käuferin', token: jwt })
    expect(window.location.href).not.toContain('token')
    expect(window.location.pathname).toBe('/orders/o')
    expect(arrived()).toBeUndefined()
  })

  it('goes on without a question where nobody is signed in, or they are', () => {
    opened(token({ sub: 'u-17', role: 'user' }))
    expect(person.getSnapshot()?.user).toBe('u-17')
    opened(token({ sub: 'u-17', role: 'user' }, 2))
    expect(newcomer.getSnapshot()).toBeUndefined()
    expect(window.location.href).not.toContain('token')
  })

  it('takes the place of somebody else only when that one says so', async () => {
    opened(token({ sub: 'u-17', role: 'user' }))
    const here = person.getSnapshot()
    const kept = JSON.stringify(sessionStorage)
    opened(token({ sub: 'u-18', role: 'user', name: 'Other' }))
    expect(window.location.href).not.toContain('token')
    expect(newcomer.getSnapshot()).toMatchObject({ user: 'u-18', name: 'Other' })
    expect(person.getSnapshot()).toBe(here)
    expect(JSON.stringify(sessionStorage)).toBe(kept)
    opened(token({ sub: 'u-17', role: 'agent' }))
    expect(newcomer.getSnapshot()).toMatchObject({ user: 'u-17', role: 'agent' })
    expect(JSON.stringify(sessionStorage)).toBe(kept)
    // It is asked of the one who is here: with them it goes.
    signOut()
    expect(newcomer.getSnapshot()).toBeUndefined()
  })

  it('who is kept from before a reload is asked too', async () => {
    signIn({ user: 'u-17', role: 'user', name: 'u-17', token: token({ sub: 'u-17', role: 'user' }) })
    send(token({ sub: 'u-18', role: 'user' }))
    vi.resetModules()
    const anew = await import('../src/session/person')
    expect(anew.person.getSnapshot()?.user).toBe('u-17')
    expect(anew.newcomer.getSnapshot()?.user).toBe('u-18')
  })

  it('is nobody with a token of the host, or with none at all', () => {
    send(token({ sub: 'host', role: 'host' }))
    expect(arrived()).toBeUndefined()
    expect(signedOut.getSnapshot()).toBe('refused')
    expect(window.location.href).not.toContain('token')
    send('rubbish')
    expect(arrived()).toBeUndefined()
    expect(sessionStorage).toHaveLength(0)
  })

  it('has the token until it ends, then the latest that the host sent', async () => {
    const who = {
      user: 'u-17',
      role: 'user',
      name: 'u-17',
      token: token({ sub: 'u-17', role: 'user' }, 0.01),
    } as const
    expect(await goodToken(who)).toBe(who.token)
    const ended = { ...who, token: token({ sub: 'u-17', role: 'user' }, -1) }
    sayServerTime()
    await expect(goodToken(ended)).rejects.toThrow('the sign-in has ended')
    const next = token({ sub: 'u-17', role: 'user' }, 2)
    send(next)
    arrived()
    expect(await goodToken(ended)).toBe(next)
  })

  it('is not signed out by a clock that is wrong', async () => {
    const who = { user: 'u-17', role: 'user', name: 'u-17' } as const
    const good = { ...who, token: token({ sub: 'u-17', role: 'user' }, 0.5) }
    const over = { ...who, token: token({ sub: 'u-17', role: 'user' }, -0.5) }
    // An hour ahead, as the server's says; the one that is over by this clock is good by that one.
    sayServerTime(HOUR)
    expect(await goodToken(over)).toBe(over.token)
    // An hour behind.
    sayServerTime(-HOUR)
    await expect(goodToken(good)).rejects.toThrow('the sign-in has ended')
  })

  it('has no use for a token that the service refused', async () => {
    const who = {
      user: 'u-17',
      role: 'user',
      name: 'u-17',
      token: token({ sub: 'u-17', role: 'user' }),
    } as const
    sayServerTime()
    refuse(who.token)
    await expect(goodToken(who)).rejects.toThrow('the sign-in has ended')
    const fresh = token({ sub: 'u-17', role: 'user' }, 12)
    vi.stubGlobal('fetch', async () => Response.json({ accounts: [{ ...who, token: fresh }] }))
    expect(await goodToken(who)).toBe(fresh)
  })

  it('keeps a good token where a link in their name brought one that the service refuses', async () => {
    const good = token({ sub: 'u-17', role: 'user' })
    opened(good)
    const who = person.getSnapshot()
    if (!who) throw new Error('nobody is signed in')
    sayServerTime()
    const forged = token({ sub: 'u-17', role: 'user' }, 9)
    opened(forged)
    expect(await goodToken(who)).toBe(forged)
    refuse(forged)
    expect(await goodToken(who)).toBe(good)
    // After a reload too.
    expect(sessionStorage.getItem('order-chat.person')).toContain(good)
    refuse(good)
    await expect(goodToken(who)).rejects.toThrow('the sign-in has ended')
    // One that has ended is not tried again.
    const ended = { ...who, token: token({ sub: 'u-17', role: 'user' }, -1) }
    opened(forged)
    refuse(forged)
    await expect(goodToken(ended)).rejects.toThrow('the sign-in has ended')
  })
})

it('until the server’s time is heard the service judges a token, not a clock that may be wrong', async () => {
  vi.resetModules()
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }))
  const early = await import('../src/session/person')
  const over = token({ sub: 'u-18', role: 'user' }, -0.5)
  const who = { user: 'u-18', role: 'user', name: 'u-18', token: over } as const
  expect(await early.goodToken(who)).toBe(over)
  early.refuse(over)
  await expect(early.goodToken(who)).rejects.toThrow('the sign-in has ended')
  vi.unstubAllGlobals()
})
