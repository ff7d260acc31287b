// What a client is made from. Every queue of it has a limit here.

import { type Timing, usualTiming } from './backoff.js'
import { type Chance, type Clock, systemClock } from './clock.js'
import type { UserId } from './protocol.js'

/** The part of a WebSocket that is used; browsers' and Node's own fit, and those of libraries. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  readonly bufferedAmount: number
  send(data: string): void
  close(code?: number, reason?: string): void
}

export type SocketConstructor = new (address: string, protocols: string[]) => SocketLike

/** What the machine offers; everything is found by itself in a browser. */
export interface Environment {
  readonly WebSocket: SocketConstructor
  readonly fetch: typeof fetch
  /** Undefined: the outbox lives in memory, and `storage` says so. */
  readonly indexedDB: IDBFactory | undefined
  /** Undefined, one or the other: every tab has a socket of its own. */
  readonly locks: Pick<LockManager, 'request'> | undefined
  readonly BroadcastChannel: typeof BroadcastChannel | undefined
  readonly clock: Clock
  readonly chance: Chance
  /** A UUID. */
  readonly newId: () => string
}

export interface Options {
  /** Base addresses of the nodes (`https://host`), tried in turn from the first; at least one. */
  readonly endpoints: readonly string[]
  /** The user's id as the host names them: the `sub` of the tokens. Outbox and socket are shared by it. */
  readonly user: UserId
  /** Gives a token that is good now. Asked before every connection, before a token ends, and by HTTP calls. */
  readonly getToken: () => Promise<string>
  /** Name and version of the application, for the server's log. */
  readonly client?: string
  /** Prefix of everything that is kept or named in the browser. */
  readonly scope?: string
  /** One socket for all tabs of the user, where the browser can; default true. */
  readonly shareSocket?: boolean
  /** Commands that may wait, refused ones included; one more is `NotQueued`. */
  readonly outboxLimit?: number
  /** Commands of one room on their way at once. With more than one, a retry may overtake what follows it. */
  readonly inFlightPerRoom?: number
  /** Commands of all rooms on their way at once. */
  readonly inFlight?: number
  /** Entries of one room that are kept in memory; older ones are dropped and can be paged in again. */
  readonly keepEntries?: number
  readonly timing?: Partial<Timing>
  readonly environment?: Partial<Environment>
}

export type Settings = Required<Omit<Options, 'environment' | 'timing'>> & {
  readonly timing: Timing
  readonly environment: Environment
}

export function settingsOf(options: Options): Settings {
  if (options.endpoints.length === 0) throw new TypeError('there is no endpoint')
  return {
    client: 'order-chat-web/0.1.0',
    scope: 'order-chat',
    shareSocket: true,
    outboxLimit: 1000,
    inFlightPerRoom: 1,
    inFlight: 16,
    keepEntries: 10_000,
    ...options,
    timing: { ...usualTiming, ...options.timing },
    environment: { ...ofThisMachine(), ...options.environment },
  }
}

function ofThisMachine(): Environment {
  return {
    WebSocket: globalThis.WebSocket as unknown as SocketConstructor,
    fetch: (input, init) => globalThis.fetch(input, init),
    indexedDB: globalThis.indexedDB,
    locks: globalThis.navigator?.locks,
    BroadcastChannel: globalThis.BroadcastChannel,
    clock: systemClock,
    chance: Math.random,
    newId: () => globalThis.crypto.randomUUID(),
  }
}
