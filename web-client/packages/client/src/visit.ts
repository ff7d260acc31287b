// One connection to one endpoint, from the token to its end: hello, welcome, heartbeat, refresh, watchdog. Nothing of
// the rooms, and nothing of coming back.

import { retryAfter } from './backoff.js'
import { Alarm } from './clock.js'
import { decode, encode, SUBPROTOCOL } from './frames.js'
import type { Settings, SocketLike } from './options.js'
import type { ClientFrame, Goodbye, Retry, ServerFrame, Welcome } from './protocol.js'
import { REFRESH_PAUSE_MS, TokenClock } from './token.js'

/** How a connection ended, or why there was none. */
export interface Ended {
  readonly code: number
  readonly reason: string
  readonly retry: Retry
  /** What the server asked to wait. */
  readonly toldMs?: number | undefined
}

export interface Visitor {
  welcomed(welcome: Welcome): void
  received(frame: ServerFrame): void
  /** A token could not be had; undefined when that is over. */
  tokenProblem(problem: string | undefined): void
  /** A frame that makes no sense; the connection goes on. */
  unreadable(problem: string): void
  ended(ended: Ended): void
}

/** Bytes that the network does not take: more means that nobody is there. */
const UNSENT_BYTES = 4 << 20
/** Of the connection's own questions. All others count from 1. */
export const OWN_REF = 0

export class Visit {
  private readonly settings: Settings
  private readonly visitor: Visitor
  private readonly watchdog: Alarm
  private readonly refreshing: Alarm
  private socket: SocketLike | undefined
  private goodbye: Goodbye | undefined
  private welcome: Welcome | undefined
  private tokens: TokenClock | undefined
  private over = false

  constructor(endpoint: string, settings: Settings, visitor: Visitor) {
    this.settings = settings
    this.visitor = visitor
    const { clock } = settings.environment
    this.watchdog = new Alarm(clock, () =>
      this.end(broken(this.welcome ? 'nothing was heard' : 'no welcome in time')),
    )
    this.refreshing = new Alarm(clock, () => void this.refresh())
    this.watchdog.set(settings.timing.welcomeWithinMs)
    void this.dial(endpoint)
  }

  send(frame: ClientFrame): void {
    if (this.over || !this.socket) return
    if (this.socket.bufferedAmount > UNSENT_BYTES) return this.end(broken('nothing can be written'))
    this.socket.send(encode(frame))
  }

  /** Leaves, for a reason of our own. */
  end(ended: Ended): void {
    if (this.over) return
    this.over = true
    this.watchdog.clear()
    this.refreshing.clear()
    if (this.socket) hangUp(this.socket)
    this.visitor.ended(ended)
  }

  private async dial(endpoint: string): Promise<void> {
    const token = await this.token()
    if (this.over) return
    if ('problem' in token) return this.end({ code: 1006, reason: token.problem, retry: 'back_off' })
    try {
      this.socket = new this.settings.environment.WebSocket(addressOf(endpoint), [SUBPROTOCOL])
    } catch (error) {
      return this.end({ code: 1006, reason: String(error), retry: 'never' })
    }
    this.listen(this.socket, token.token)
  }

  private listen(socket: SocketLike, token: string): void {
    socket.onopen = () => this.send({ type: 'hello', token, client: this.settings.client })
    socket.onmessage = (event: { data: unknown }) => this.hear(event.data)
    // What follows an error is a close, which says as much as there is to know.
    socket.onerror = () => {}
    socket.onclose = (event: { code: number; reason: string }) => this.closed(event.code, event.reason)
  }

  private closed(code: number, reason: string): void {
    // Its goodbye knows more than the close frame, which may have been lost.
    const { goodbye } = this
    const known = goodbye ?? { code, reason }
    this.end({ ...known, retry: retryAfter(known.code), toldMs: goodbye?.retry_after_ms })
  }

  private hear(data: unknown): void {
    if (this.over || typeof data !== 'string') return
    if (this.welcome) this.watchdog.set(this.settings.timing.silenceBeats * this.welcome.heartbeat_ms)
    let frame: ServerFrame | undefined
    try {
      frame = decode(data)
    } catch (error) {
      // The server's mistake: what it hid is healed like anything that was lost.
      return this.visitor.unreadable(String(error))
    }
    if (frame) this.receive(frame)
  }

  private receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        return this.enter(frame)
      case 'goodbye':
        this.goodbye = frame
        return
      case 'refreshed':
        return this.refreshed(frame.token_expires_at)
      case 'heartbeat':
        this.send({ type: 'heartbeat' })
    }
    if (this.welcome) this.visitor.received(frame)
  }

  private enter(welcome: Welcome): void {
    if (this.welcome) return
    if (welcome.user !== this.settings.user) {
      const reason = `the token is for ${welcome.user}, not for ${this.settings.user}`
      return this.end({ code: 4001, reason, retry: 'never' })
    }
    this.welcome = welcome
    const now = this.settings.environment.clock.now()
    this.tokens = new TokenClock(welcome.at, now)
    this.watchdog.set(this.settings.timing.silenceBeats * welcome.heartbeat_ms)
    this.refreshing.set(this.tokens.refreshIn(welcome.token_expires_at, now))
    this.visitor.welcomed(welcome)
  }

  /** Without a new token the server closes when the old one ends, and all begins anew. */
  private async refresh(): Promise<void> {
    this.refreshing.set(REFRESH_PAUSE_MS)
    const token = await this.token()
    if (!this.over && 'token' in token) this.send({ type: 'refresh', ref: OWN_REF, token: token.token })
  }

  private refreshed(expiresAt: string): void {
    const now = this.settings.environment.clock.now()
    if (this.tokens) this.refreshing.set(this.tokens.refreshIn(expiresAt, now))
  }

  private async token(): Promise<{ token: string } | { problem: string }> {
    try {
      const token = await this.settings.getToken()
      if (!this.over) this.visitor.tokenProblem(undefined)
      return { token }
    } catch (error) {
      const problem = `no token: ${error instanceof Error ? error.message : String(error)}`
      if (!this.over) this.visitor.tokenProblem(problem)
      return { problem }
    }
  }
}

/** It just broke. */
export function broken(reason: string): Ended {
  return { code: 1006, reason, retry: 'resume' }
}

/** `http://host:port` is as good as `ws://host:port`. */
export function addressOf(endpoint: string): string {
  return `${endpoint.replace(/^http/, 'ws').replace(/\/+$/, '')}/v1/socket`
}

/** A dead peer may never answer a close, so nobody listens for it. */
function hangUp(socket: SocketLike): void {
  socket.onopen = socket.onmessage = socket.onclose = null
  socket.onerror = () => {}
  socket.close()
}
