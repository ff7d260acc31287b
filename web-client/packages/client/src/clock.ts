// Time and chance as arguments, so that every rule that needs them can be tested without waiting.

export interface Clock {
  /** Milliseconds that only ever grow; their zero means nothing. */
  now(): number
  /** What the wall clock says, for people. */
  date(): Date
  /** Runs once after `ms`; what it returns takes it back. */
  after(ms: number, run: () => void): () => void
}

/** From 0 up to, never including, 1. */
export type Chance = () => number

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** One thing that happens later, and can be put off: setting it anew forgets what was set before. */
export class Alarm {
  private readonly clock: Clock
  private readonly run: () => void
  private cancel: (() => void) | undefined

  constructor(clock: Clock, run: () => void) {
    this.clock = clock
    this.run = run
  }

  set(ms: number): void {
    this.clear()
    this.cancel = this.clock.after(Math.max(0, ms), () => {
      this.cancel = undefined
      this.run()
    })
  }

  clear(): void {
    this.cancel?.()
    this.cancel = undefined
  }
}
