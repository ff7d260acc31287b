// @vitest-environment happy-dom

import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { goodToken, person, signIn, signOut } from '../src/session/person'
import { SessionProvider, useSession } from '../src/session/session'
import { notices, turnNotices } from '../src/shell/notices'
import { setTheme, theme } from '../src/shell/theme'
import { browserStorage, tabStorage } from '../src/storage'
import { speak, spoken } from '../src/words/words'

const refuses = () => {
  throw new DOMException('no', 'SecurityError')
}

/** As a browser that blocks this site's data: only to ask for a storage throws. */
function block(): void {
  for (const name of ['localStorage', 'sessionStorage'])
    vi.spyOn(globalThis, name as 'localStorage', 'get').mockImplementation(refuses)
}

const SignedIn = () => useSession().me.user

afterEach(() => {
  cleanup()
  signOut()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  localStorage.clear()
})

it('where nothing can be kept a choice is made all the same', async () => {
  vi.stubGlobal('Notification', Object.assign(class {}, { permission: 'granted' }))
  block()
  setTheme('dark')
  expect([theme.getSnapshot(), document.documentElement.dataset.theme]).toEqual(['dark', 'dark'])
  await speak('de')
  expect([spoken.getSnapshot().tag, document.documentElement.lang]).toEqual(['de', 'de'])
  await turnNotices('on')
  expect(notices.getSnapshot()).toBe('on')
  await turnNotices('off')
  expect(notices.getSnapshot()).toBe('off')
})

it('who signs in where nothing can be kept is signed in, with the latest token', async () => {
  block()
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }))
  const exp = Math.floor(Date.now() / 1000) + 3600
  const who = (n: number) => {
    const token = `x.${btoa(JSON.stringify({ exp, n }))}.x`
    return { user: 'u-17', role: 'user', name: 'u-17', token } as const
  }
  signIn(who(1))
  render(
    <SessionProvider me={who(1)}>
      <SignedIn />
    </SessionProvider>,
  )
  expect(screen.getByText('u-17')).toBeTruthy()
  signIn(who(2))
  expect(await goodToken(who(1))).toBe(who(2).token)
  act(() => signOut())
  expect(person.getSnapshot()).toBeUndefined()
})

it('what a full storage did not take is kept by the page, until it takes it', () => {
  const held = new Map<string, string>()
  const taking = {
    getItem: (key: string) => held.get(key),
    setItem: (key: string, to: string) => held.set(key, to),
  }
  vi.stubGlobal('localStorage', { ...taking, setItem: refuses })
  browserStorage.setItem('a', '1')
  expect([browserStorage.getItem('a'), held.size]).toEqual(['1', 0])
  expect(browserStorage.keys()).toContain('a')
  expect(tabStorage.getItem('a')).toBeNull()
  vi.stubGlobal('localStorage', taking)
  browserStorage.setItem('a', '2')
  expect([browserStorage.getItem('a'), held.get('a')]).toEqual(['2', '2'])
  browserStorage.removeItem('a')
  held.clear()
  expect(browserStorage.getItem('a')).toBeNull()
})
