// The connection that comes back: which endpoint, when, and never when the server said so.

import { Backoff } from './backoff.js'
import { Alarm } from './clock.js'
import type { Settings } from './options.js'
import type { ClientFrame, ServerFrame, Welcome } from './protocol.js'
import { broken, type Ended, Visit } from './visit.js'

export type ConnectionState =
  /** Nobody has the socket: the tabs are agreeing on who. With a problem, the token of the one that had it was refused. */
  | { readonly is: 'idle'; readonly tokenProblem?: string }
  /** On the way to this endpoint. */
  | { readonly is: 'connecting'; readonly endpoint: string; readonly tokenProblem?: string }
  /** Welcome at this endpoint. With a problem, the token could not be renewed yet; it is tried again. */
  | {
      readonly is: 'connected'
      readonly endpoint: string
      readonly welcome: Welcome
      /** When the welcome was heard by this device's clock, in milliseconds since 1970: a tab that comes later learns
       * from it how far that clock is from the server's. */
      readonly heardAt: number
      readonly tokenProblem?: string
    }
  /** The connection ended; the client comes back after the delay. */
  | {
      readonly is: 'waiting'
      /** The close code; 1006 when it just broke. */
      readonly code: number
      /** For logs. */
      readonly reason: string
      /** Milliseconds from then on. */
      readonly delayMs: number
      readonly tokenProblem?: string
    }
  /** Over: `reconnect` begins anew. */
  | { readonly is: 'closed'; readonly code: number; readonly reason: string }

/** There is no connection for want of a token, or soon none: another tab's may be good. */
export function lacksToken(state: ConnectionState): boolean {
  if (state.is === 'closed') return state.code === 4001
  return state.is !== 'connecting' && state.tokenProblem !== undefined
}

export interface ConnectionListener {
  state(state: ConnectionState): void
  frame(frame: ServerFrame): void
  /** The server sent what makes no sense. */
  unreadable(problem: string): void
}

export class Connection {
  private readonly settings: Settings
  private readonly listener: ConnectionListener
  private readonly backoff: Backoff
  private readonly waiting: Alarm
  private visit: Visit | undefined
  private attempts = 0
  private current: ConnectionState = { is: 'idle' }
  private problem: string | undefined

  constructor(settings: Settings, listener: ConnectionListener) {
    this.settings = settings
    this.listener = listener
    this.backoff = new Backoff(settings.timing)
    this.waiting = new Alarm(settings.environment.clock, () => this.dial())
  }

  get state(): ConnectionState {
    return this.current
  }

  /** Begins, also anew after it was over, or at once where it only lacked a token. While it lives, nothing changes. */
  start(): void {
    const { is } = this.current
    if (is === 'idle' || is === 'closed') this.dial()
    else if (is !== 'connected' && this.problem !== undefined) this.moveOn()
  }

  /** The network is back: does not wait out a delay that was only our own. */
  hurry(): void {
    if (this.current.is === 'waiting' && this.current.code === 1006 && !this.problem) this.dial()
  }

  /** The network is gone: so is the connection, though a socket that hears nothing would notice much later. */
  cut(): void {
    this.visit?.end(broken('the network is gone'))
  }

  /** Tries the next endpoint now: drops a connection without a word, as a broken cable does, and waits out no delay. */
  moveOn(): void {
    this.visit?.end(broken('moving on'))
    if (this.current.is === 'waiting') this.dial()
  }

  send(frame: ClientFrame): void {
    if (this.current.is === 'connected') this.visit?.send(frame)
  }

  stop(): void {
    this.waiting.clear()
    this.left({ code: 1000, reason: 'closed by the application', retry: 'never' })
  }

  private dial(): void {
    this.waiting.clear()
    const { endpoints } = this.settings
    const endpoint = endpoints[this.attempts % endpoints.length]
    if (endpoint === undefined) return
    this.attempts += 1
    this.set({ is: 'connecting', endpoint })
    this.visit = new Visit(endpoint, this.settings, {
      welcomed: welcome => {
        this.backoff.welcomed()
        const heardAt = this.settings.environment.clock.date().getTime()
        this.set({ is: 'connected', endpoint, welcome, heardAt })
      },
      received: frame => this.listener.frame(frame),
      tokenProblem: problem => this.noteProblem(problem),
      unreadable: problem => this.listener.unreadable(problem),
      ended: ended => this.ended(ended),
    })
  }

  private ended(ended: Ended): void {
    this.visit = undefined
    const delayMs = this.backoff.after(ended.retry, ended.toldMs, this.settings.environment.chance)
    if (delayMs === undefined) return this.set({ is: 'closed', code: ended.code, reason: ended.reason })
    this.waiting.set(delayMs)
    this.set({ is: 'waiting', code: ended.code, reason: ended.reason, delayMs })
  }

  private left(ended: Ended): void {
    if (this.visit) return this.visit.end(ended)
    this.set({ is: 'closed', code: ended.code, reason: ended.reason })
  }

  private noteProblem(problem: string | undefined): void {
    if (problem === this.problem) return
    this.problem = problem
    this.set(this.current)
  }

  private set(state: ConnectionState): void {
    this.current = state.is === 'idle' || state.is === 'closed' ? state : withProblem(state, this.problem)
    this.listener.state(this.current)
  }
}

function withProblem<S extends { readonly tokenProblem?: string }>(state: S, problem: string | undefined): S {
  const { tokenProblem: _, ...rest } = state
  return (problem === undefined ? rest : { ...rest, tokenProblem: problem }) as S
}
