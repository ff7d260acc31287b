import { expect, it } from 'vitest'
import { ar } from '../src/words/ar'
import { en } from '../src/words/en'
import { Format } from '../src/words/format'
import { localeOf } from '../src/words/words'

const now = new Date(2026, 10, 22, 12, 0)
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000).toISOString()
const told = (format: Format, n: number) =>
  [
    format.moment(hours(n), now.getTime()),
    format.day(hours(n), now.getTime()),
    format.short(hours(n), now.getTime()),
  ].join(' | ')

it('on a screen what is near is told from now', () => {
  const format = new Format('en', en)
  expect(told(format, 1)).toBe('today, 1:00 PM | Today | 1:00 PM')
  expect(told(format, -24)).toBe('yesterday, 12:00 PM | Yesterday | Nov 21')
})

it('on paper every day has its date and its year', () => {
  const format = new Format('en', en, true)
  for (const n of [-24, -1, 0, 1, 24, 24 * 80])
    expect(told(format, n)).toMatch(
      /^\w+, \w+ \d+, 20\d\d, .* \| \w+, \w+ \d+, 20\d\d \| \w+, \w+ \d+, 20\d\d, /,
    )
})

it('dates are written as in the reader’s region, in the language of the page', () => {
  expect(localeOf('en', ['de-AT', 'en-GB', 'en-US'])).toBe('en-GB')
  expect(localeOf('en', ['de-AT'])).toBe('en')
  expect(localeOf('ar', ['ar-SA'])).toBe('ar')
  expect(told(new Format('en-GB', en), 1)).toBe('today, 13:00 | Today | 13:00')
})

it('a near day and its time are joined as the language does it', () => {
  expect(told(new Format('ar', ar), 1)).toMatch(/^\u200f\u2068اليوم\u2069، \u2068/)
})

it('sizes have their unit in the right number', () => {
  const format = new Format('en', en)
  expect([1, 848, 24_000, 4_200_000].map(n => format.size(n))).toEqual([
    '1 byte',
    '848 bytes',
    '24 kB',
    '4.2 MB',
  ])
  expect(format.list(['Ada', 'Bo', 'Cy'])).toBe('Ada, Bo, and Cy')
})

it('S12: a date that was answered is the same day wherever it is read', () => {
  const zone = process.env.TZ
  process.env.TZ = 'America/New_York'
  try {
    expect(new Format('en', en).date('2026-03-01')).toBe('March 1, 2026')
  } finally {
    process.env.TZ = zone ?? ''
  }
})
