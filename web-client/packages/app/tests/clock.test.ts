import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { serverNow, setServerTime } from '../src/time/clock'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const HOUR = 3_600_000

beforeEach(() => vi.useFakeTimers({ now: NOW }))
afterEach(() => vi.useRealTimers())

it('runs by the server, however long ago and wherever its time was heard', () => {
  // This machine is an hour ahead; another tab heard the server ten minutes ago.
  const heardAt = NOW - 600_000
  setServerTime(new Date(heardAt - HOUR).toISOString(), heardAt)
  expect(serverNow()).toBe(NOW - HOUR)
  vi.setSystemTime(NOW + 5000)
  expect(serverNow()).toBe(NOW - HOUR + 5000)
})
