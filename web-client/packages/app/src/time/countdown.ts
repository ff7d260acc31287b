// How much time is left, in the words of a person: two units at most, rounded to what helps. Pure.

export type Urgency = 'calm' | 'soon' | 'over'

export interface Left {
  readonly urgency: Urgency
  readonly days: number
  readonly hours: number
  readonly minutes: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Less than this is soon. */
const SOON_MS = DAY

export function leftUntil(moment: string, now: number): Left {
  const ms = Date.parse(moment) - now
  const span = Math.abs(ms)
  return {
    urgency: ms <= 0 ? 'over' : ms < SOON_MS ? 'soon' : 'calm',
    days: Math.floor(span / DAY),
    hours: Math.floor((span % DAY) / HOUR),
    minutes: Math.floor((span % HOUR) / MINUTE),
  }
}

export interface Units {
  readonly days: (n: number) => string
  readonly hours: (n: number) => string
  readonly minutes: (n: number) => string
  readonly moment: string
  /** Between two of them. */
  readonly and: string
}

/** From two days on whole days, the nearest; hours below; minutes in the last hours. */
export function spanText({ days, hours, minutes }: Left, units: Units): string {
  if (days >= 2) return units.days(hours >= 12 ? days + 1 : days)
  if (days === 1) return hours > 0 ? `${units.days(1)}${units.and}${units.hours(hours)}` : units.days(1)
  if (hours >= 4) return units.hours(hours)
  if (hours > 0)
    return minutes > 0 ? `${units.hours(hours)}${units.and}${units.minutes(minutes)}` : units.hours(hours)
  return minutes > 0 ? units.minutes(minutes) : units.moment
}
