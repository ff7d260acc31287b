// Moments, money and sizes in the reader's language and zone.

import type { Money } from '@order-chat/client'
import { type Left, leftUntil, spanText } from '../time/countdown'
import { directionOf, fill, type Words } from './words'

/** A mark: the sign of a currency stays with its letters, also at the end of a line that runs from right to left. */
const LEFT_TO_RIGHT = '\u200e'

export class Format {
  readonly tag: string
  /** What is printed is read on another day: nothing is told from now. */
  readonly onPaper: boolean
  private readonly words: Words
  private readonly made = new Map<string, Intl.DateTimeFormat>()

  constructor(tag: string, words: Words, onPaper = false) {
    this.tag = tag
    this.onPaper = onPaper
    this.words = words
  }

  time(at: string): string {
    return this.formatOf('time', { hour: 'numeric', minute: '2-digit' }).format(new Date(at))
  }

  /** “today, 17:00”, “Wed, 3 Dec, 17:00”: in a sentence. */
  moment(at: string, now = Date.now()): string {
    const day = dayNumber(new Date(at)) - dayNumber(new Date(now))
    if (Math.abs(day) <= 1 && !this.onPaper) {
      const word = new Intl.RelativeTimeFormat(this.tag, { numeric: 'auto' }).format(day, 'day')
      return fill(this.words.time.on, { day: word, time: this.time(at) })
    }
    const sameYear = this.isThisYear(at, now)
    const year = sameYear ? {} : { year: 'numeric' as const }
    const name = sameYear ? 'moment' : 'momentYear'
    const weekday = {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: 'numeric',
      minute: '2-digit',
    } as const
    return this.formatOf(name, { ...weekday, ...year }).format(new Date(at))
  }

  /** Everything, with the zone: for whoever asks. */
  exact(at: string): string {
    return this.formatOf('exact', { dateStyle: 'full', timeStyle: 'long' }).format(new Date(at))
  }

  day(at: string, now = Date.now()): string {
    const difference = dayNumber(new Date(now)) - dayNumber(new Date(at))
    if (difference === 0 && !this.onPaper) return this.words.room.today
    if (difference === 1 && !this.onPaper) return this.words.room.yesterday
    const year = this.isThisYear(at, now) ? {} : { year: 'numeric' as const }
    const long = { weekday: 'long', day: 'numeric', month: 'long', ...year } as const
    return this.formatOf(`day${'year' in year}`, long).format(new Date(at))
  }

  /** For a list: the time today, else the date. */
  short(at: string, now = Date.now()): string {
    if (this.onPaper) return this.moment(at, now)
    if (dayNumber(new Date(at)) === dayNumber(new Date(now))) return this.time(at)
    return this.formatOf('short', { day: 'numeric', month: 'short' }).format(new Date(at))
  }

  /** A date that is no moment, “2026-03-01”: the same day in every zone. */
  date(date: string): string {
    return this.formatOf('date', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date))
  }

  money({ amount, currency }: Money): string {
    const format = new Intl.NumberFormat(this.tag, { style: 'currency', currency })
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2
    const whole = amount % 10 ** digits === 0
    const plain = { style: 'currency', currency, minimumFractionDigits: 0 } as const
    const text = (whole ? new Intl.NumberFormat(this.tag, plain) : format).format(amount / 10 ** digits)
    return directionOf(this.tag.split('-')[0] ?? '') === 'rtl' ? `${text}${LEFT_TO_RIGHT}` : text
  }

  size(bytes: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
    const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
    const unit = units[step] ?? 'byte'
    const digits = step > 0 && bytes / 1000 ** step < 10 ? 1 : 0
    return new Intl.NumberFormat(this.tag, {
      style: 'unit',
      unit,
      // “848 bytes”, “24 kB”.
      unitDisplay: step > 0 ? 'short' : 'long',
      maximumFractionDigits: digits,
    }).format(bytes / 1000 ** step)
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.tag).format(value)
  }

  list(parts: readonly string[]): string {
    return this.listParts(parts)
      .map(({ value }) => value)
      .join('')
  }

  /** What is listed, and what stands between. */
  listParts(parts: readonly string[]): { type: 'element' | 'literal'; value: string }[] {
    return new Intl.ListFormat(this.tag, { type: 'conjunction', style: 'long' }).formatToParts(parts)
  }

  span(left: Left): string {
    return spanText(left, this.words.time)
  }

  left(at: string, now: number): Left & { text: string } {
    const left = leftUntil(at, now)
    return { ...left, text: this.span(left) }
  }

  private isThisYear(at: string, now: number): boolean {
    return !this.onPaper && new Date(at).getFullYear() === new Date(now).getFullYear()
  }

  private formatOf(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const known = this.made.get(name)
    if (known) return known
    const format = new Intl.DateTimeFormat(this.tag, options)
    this.made.set(name, format)
    return format
  }
}

/** Digits after the point of a currency: 2 for most, 0 for yen. */
export function digitsOf(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  )
}

function dayNumber(date: Date): number {
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000)
}
