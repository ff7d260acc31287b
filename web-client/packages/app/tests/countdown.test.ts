import { describe, expect, it } from 'vitest'
import { leftUntil, spanText } from '../src/time/countdown'
import { en } from '../src/words/en'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const HOUR = 3_600_000
const left = (hours: number) => leftUntil(new Date(NOW + hours * HOUR).toISOString(), NOW)
const text = (hours: number) => spanText(left(hours), en.time)

describe('how much time is left', () => {
  it('is told in two units at most', () => {
    expect([
      text(167.9),
      text(75),
      text(30),
      text(24),
      text(23.5),
      text(3.75),
      text(3),
      text(0.2),
      text(0.001),
    ]).toEqual(['7 d', '3 d', '1 d 6 h', '1 d', '23 h', '3 h 45 min', '3 h', '12 min', 'a moment'])
  })

  it('is calm, soon within a day, and over from the moment itself', () => {
    expect([left(24).urgency, left(23.9).urgency, left(0).urgency, left(-5).urgency]).toEqual([
      'calm',
      'soon',
      'over',
      'over',
    ])
  })

  it('counts on after the end', () => {
    expect(text(-50)).toBe('2 d')
  })
})
