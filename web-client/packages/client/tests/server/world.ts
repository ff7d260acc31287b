// Real nodes, real orders, real clients. `cargo xtask web check` says where the nodes are.

import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { IDBFactory } from 'fake-indexeddb'
import { WebSocket } from 'ws'
import {
  ChatClient,
  type ChatEvent,
  type Entry,
  type Options,
  type Room,
  type SocketConstructor,
} from '../../src/index.js'

export const NODES: readonly string[] = setting('ORDER_CHAT_TEST_URLS').split(',')
const SECRET = readFileSync(setting('ORDER_CHAT_TEST_SECRET_FILE'), 'utf8')

/** A condition that takes longer has failed; nothing is measured by it. */
const PATIENCE_MS = 30_000

function setting(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(`${name} is not set: these tests talk to real nodes, run them with cargo xtask web check`)
  return value
}

export function token(user: string, role = 'user', ttlSeconds = 3600): string {
  const iat = Math.floor(Date.now() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { aud: 'order-chat', sub: user, role, name: user, iat, exp: iat + ttlSeconds }
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}

async function http<T>(method: string, path: string, as: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json' }
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(NODES[0] + path, init)
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** An order of two people whom nobody else knows. */
export interface Deal {
  readonly order: string
  readonly buyer: string
  readonly seller: string
}

export async function deal(): Promise<Deal> {
  const mark = randomUUID().slice(0, 8)
  const [buyer, seller] = [`buyer-${mark}`, `seller-${mark}`]
  const placement = {
    policy: 'creator',
    buyer,
    seller,
    listing: { id: 'L-17', title: 'Short film' },
    price: { amount: 15_000, currency: 'USD' },
    delivery_days: 7,
    revisions: 2,
    payment: 'paid',
  }
  const { order } = await http<{ order: string }>('POST', '/v1/orders', token('host', 'host'), placement)
  return { order, buyer, seller }
}

/** The truth: the whole timeline, over HTTP. */
export async function truth({ order, buyer }: Deal): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let more = true; more; ) {
    const after = entries.at(-1)?.seq ?? 0
    const path = `/v1/orders/${order}/entries?after=${after}&limit=200`
    const page = await http<{ entries: Entry[]; more: boolean }>('GET', path, token(buyer))
    entries.push(...page.entries)
    more = page.more
  }
  return entries
}

/** Every client that a test opened, to be closed after it. */
const opened = new Set<ChatClient>()

export function closeAll(): void {
  for (const client of opened) client.close()
  opened.clear()
}

export interface Tab {
  readonly client: ChatClient
  readonly events: ChatEvent[]
}

/** A client as one tab of a browser would have it. Two tabs of one browser share `indexedDB`. */
export function tab(user: string, options: Partial<Options> = {}): Tab {
  const client = new ChatClient({
    endpoints: NODES,
    user,
    getToken: async () => token(user),
    shareSocket: false,
    ...options,
    timing: { resumeMs: 5, longestMs: 200, ...options.timing },
    environment: {
      WebSocket: WebSocket as unknown as SocketConstructor,
      indexedDB: new IDBFactory(),
      ...options.environment,
    },
  })
  const events: ChatEvent[] = []
  client.listen(event => events.push(event))
  opened.add(client)
  return { client, events }
}

export function heard({ events }: Tab, order: string): Entry[] {
  return events.flatMap(event => (event.type === 'entry' && event.order === order ? [event.entry] : []))
}

/** Waits until a store says so. */
export function until<T>(
  store: { getSnapshot(): T; subscribe(changed: () => void): () => void },
  what: string,
  holds: (value: T) => boolean,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = () => {}
    const late = setTimeout(() => {
      stop()
      reject(new Error(`never: ${what}; it is ${JSON.stringify(store.getSnapshot()).slice(0, 600)}`))
    }, PATIENCE_MS)
    const look = () => {
      const value = store.getSnapshot()
      if (!holds(value)) return
      clearTimeout(late)
      stop()
      resolve(value)
    }
    stop = store.subscribe(look)
    look()
  })
}

export function connected({ client }: Tab): Promise<unknown> {
  return until(client.connection, 'connected', state => state.is === 'connected')
}

/** Follows a room, and waits until it is there. */
export async function follow({ client }: Tab, order: string): Promise<Room> {
  const room = client.room(order)
  room.follow()
  await until(room, 'live', ({ status }) => status === 'live')
  return room
}
