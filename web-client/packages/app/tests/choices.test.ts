// @vitest-environment happy-dom

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { notices, turnNotices } from '../src/shell/notices'
import { setTheme, theme } from '../src/shell/theme'
import { speak, spoken } from '../src/words/words'

const refuses = () => {
  throw new DOMException('no', 'QuotaExceededError')
}

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: refuses, setItem: refuses })
  vi.stubGlobal('Notification', Object.assign(class {}, { permission: 'granted' }))
})
afterEach(() => vi.unstubAllGlobals())

it('where nothing can be kept a choice is made all the same', async () => {
  setTheme('dark')
  expect([theme.getSnapshot(), document.documentElement.dataset.theme]).toEqual(['dark', 'dark'])
  await speak('de')
  expect([spoken.getSnapshot().tag, document.documentElement.lang]).toEqual(['de', 'de'])
  await turnNotices('on')
  expect(notices.getSnapshot()).toBe('on')
  await turnNotices('off')
  expect(notices.getSnapshot()).toBe('off')
})
