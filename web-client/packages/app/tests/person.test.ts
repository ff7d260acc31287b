// @vitest-environment happy-dom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { arrived, goodToken, signedOut } from '../src/session/person'

function token(claims: Readonly<Record<string, unknown>>, hours = 1): string {
  const part = (value: unknown) =>
    btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))
  const exp = Math.floor(Date.now() / 1000) + hours * 3600
  return `${part({ alg: 'none' })}.${part({ exp, ...claims })}.x`.replaceAll('+', '-').replaceAll('/', '_')
}
const send = (jwt: string) => window.history.replaceState(null, '', `/orders/o#token=${jwt}`)

describe('somebody whom the host sent', () => {
  beforeEach(() => {
    sessionStorage.clear()
    signedOut.set(undefined)
    vi.stubGlobal('fetch', async () => new Response('', { status: 404 }))
  })
  afterEach(() => vi.unstubAllGlobals())

  it('is signed in by the token, which does not stay in the address', () => {
    const jwt = token({ sub: 'u-17', role: 'user', name: 'Käuferin' })
    send(jwt)
    expect(arrived()).toEqual({ user: 'u-17', role: 'user', name: 'Käuferin', token: jwt })
    expect(window.location.href).not.toContain('token')
    expect(window.location.pathname).toBe('/orders/o')
    expect(arrived()).toBeUndefined()
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
    await expect(goodToken(ended)).rejects.toThrow('the sign-in has ended')
    const next = token({ sub: 'u-17', role: 'user' }, 2)
    send(next)
    arrived()
    expect(await goodToken(ended)).toBe(next)
  })
})
