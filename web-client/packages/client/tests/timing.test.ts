import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Backoff, usualTiming } from '../src/backoff.js'
import { TokenClock } from '../src/token.js'

describe('coming back', () => {
  it('never means never', () => {
    expect(new Backoff(usualTiming).after('never', 5, () => 0)).toBeUndefined()
  })

  it('a draining node says when; a second failure in a row is ours to spread', () => {
    const backoff = new Backoff(usualTiming)
    expect(backoff.after('resume', 800, () => 0.9)).toBe(800)
    expect(backoff.after('resume', 100, () => 0.5)).toBe(0.5 * 2 * usualTiming.resumeMs)
  })

  it('the bound doubles to the longest, and starts anew after a welcome only', () => {
    const backoff = new Backoff(usualTiming)
    const waits = Array.from({ length: 20 }, () => backoff.after('resume', undefined, () => 0.999) ?? 0)
    expect(waits[1]).toBeCloseTo(2 * (waits[0] ?? 0))
    expect(waits.at(-1)).toBeGreaterThan(0.99 * usualTiming.longestMs)
    backoff.welcomed()
    expect(backoff.after('resume', undefined, () => 0.999)).toBe(waits[0])
  })

  const failures = fc.integer({ min: 0, max: 100 })
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const told = fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined })

  it('a back-off waits at least a second and what it was told, and is bounded', () => {
    fc.assert(
      fc.property(failures, chance, told, (failures, chance, told) => {
        const backoff = new Backoff(usualTiming)
        for (let n = 0; n < failures; n += 1) backoff.after('back_off', undefined, () => 0)
        const wait = backoff.after('back_off', told, () => chance) ?? Number.NaN
        expect(wait).toBeGreaterThanOrEqual(Math.max(usualTiming.backOffMs, told ?? 0))
        expect(wait).toBeLessThanOrEqual(Math.max(usualTiming.backOffMs, told ?? 0) + usualTiming.longestMs)
      }),
    )
  })
})

it('a token is renewed before its end, counted on the server’s clock', () => {
  const at = '2026-11-22T10:00:00.000Z'
  const ends = (seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString()
  const clock = new TokenClock(at, 7_000)
  expect(clock.refreshIn(ends(3600), 7_000)).toBe(59 * 60_000)
  expect(clock.refreshIn(ends(50), 7_000)).toBe(40_000)
  expect(clock.refreshIn(ends(3600), 7_000 + 1_800_000)).toBe(29 * 60_000)
  expect(clock.refreshIn(ends(-5), 7_000)).toBe(5_000)
})
