// When to ask for the next token, counted on the server's clock: ours may be wrong. Pure.

/** A refresh that brings nothing new is not repeated faster than this. */
export const REFRESH_PAUSE_MS = 5_000
const AHEAD_MS = 60_000
const LONGEST_MS = 24 * 60 * 60 * 1000

export class TokenClock {
  private readonly serverAt: number
  private readonly since: number

  /** `serverAt` is the moment of the welcome, heard at `now`. */
  constructor(serverAt: string, now: number) {
    this.serverAt = Date.parse(serverAt)
    this.since = now
  }

  /** How long from `now` on: a minute ahead of the end, or a fifth of what is left if that is less. */
  refreshIn(expiresAt: string, now: number): number {
    const lives = Date.parse(expiresAt) - this.serverAt - (now - this.since)
    const left = Math.min(Math.max(lives, 0), LONGEST_MS)
    return Math.max(left - Math.min(left / 5, AHEAD_MS), REFRESH_PAUSE_MS)
  }
}
