// When to come back: the rule of the close code's range, with full jitter. Pure: chance is an argument.

import type { Chance } from './clock.js'
import type { Retry } from './protocol.js'

/** How long things take, in milliseconds. */
export interface Timing {
  /** From asking for a token to the welcome. */
  readonly welcomeWithinMs: number
  /** Without any frame for this many of the server's heartbeats, the node is taken for gone. */
  readonly silenceBeats: number
  /** A room that is known to be behind is read again after this long. */
  readonly behindMs: number
  /** The first bound of the jitter of a resume. */
  readonly resumeMs: number
  /** The least wait of a back-off, and its first bound. */
  readonly backOffMs: number
  /** The last bound of both. */
  readonly longestMs: number
}

export const usualTiming: Timing = {
  welcomeWithinMs: 10_000,
  // 60 s of the server's 25: what PROTOCOL.md asks for.
  silenceBeats: 2.4,
  behindMs: 2_000,
  resumeMs: 250,
  backOffMs: 1_000,
  longestMs: 30_000,
}

/** What a client does after a close; a code that this build does not know follows its range. */
export function retryAfter(code: number): Retry {
  if (code >= 4000 && code <= 4099) return 'never'
  if (code >= 4100 && code <= 4199) return 'back_off'
  // What the server calls the client's mistake would end the same way again.
  if (code === 1002 || code === 1003 || (code >= 1007 && code <= 1010)) return 'never'
  return code >= 1011 && code <= 1013 ? 'back_off' : 'resume'
}

/** Counts failures in a row. */
export class Backoff {
  private readonly timing: Timing
  private failures = 0

  constructor(timing: Timing) {
    this.timing = timing
  }

  /** Only a welcome counts: a node that accepts and throws out would be hammered otherwise. */
  welcomed(): void {
    this.failures = 0
  }

  /** How many milliseconds to wait after an end; undefined for ever. `told` is what the server asked for. */
  after(retry: Retry, told: number | undefined, chance: Chance): number | undefined {
    if (retry === 'never') return undefined
    const { backOffMs, resumeMs, longestMs } = this.timing
    const first = retry === 'back_off' ? backOffMs : resumeMs
    const jitter = chance() * Math.min(first * 2 ** Math.min(this.failures, 16), longestMs)
    const once = this.failures === 0
    this.failures += 1
    if (retry === 'back_off') return Math.max(told ?? 0, backOffMs) + jitter
    // The server spreads its own clients; a second failure is ours to spread.
    return told !== undefined && once ? told : Math.max(told ?? 0, jitter)
  }
}
