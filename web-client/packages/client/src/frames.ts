// Frames as text. What this build does not know is left out, so that an older client lives with a newer server.

import type { ClientFrame, ServerFrame } from './protocol.js'

export const SUBPROTOCOL = 'order-chat.v1'

/** A frame that the server should not have sent. It is reported, and the connection goes on. */
export class UnreadableFrame extends Error {
  override name = 'UnreadableFrame'
}

type Kind = ServerFrame['type']
type Check = (value: unknown) => boolean

const text: Check = value => typeof value === 'string'
const whole: Check = value => Number.isSafeInteger(value)
const truth: Check = value => typeof value === 'boolean'
const list: Check = value => Array.isArray(value)
const object: Check = value => typeof value === 'object' && value !== null && !Array.isArray(value)
const entry: Check = value =>
  object(value) && whole((value as { seq?: unknown }).seq) && object((value as { event?: unknown }).event)
const entries: Check = value => Array.isArray(value) && value.every(entry)

/** The fields without which a frame means nothing here. */
const NEEDED: Record<Kind, Record<string, Check>> = {
  welcome: {
    session: text,
    epoch: text,
    user: text,
    at: text,
    heartbeat_ms: whole,
    token_expires_at: text,
    limits: object,
  },
  subscribed: {
    ref: whole,
    order: text,
    epoch: text,
    head: whole,
    entries,
    snapshot: object,
    members: list,
    cursors: object,
  },
  entries: { order: text, entries, head: whole },
  entry: { order: text, entry },
  snapshot: { order: text, snapshot: object },
  ack: { ref: whole, id: text, order: text, version: whole, duplicate: truth },
  unsubscribed: { order: text },
  rejected: { ref: whole, code: text, message: text, retry: truth },
  refreshed: { ref: whole, token_expires_at: text },
  inbox: { order: text, other: object, head: whole, unread: whole },
  signal: { order: text, user: text, kind: text },
  heartbeat: { heads: object },
  goodbye: { code: whole, reason: text },
}

/** Reads a frame; undefined for a type that is newer than this build. Throws [`UnreadableFrame`]. */
export function decode(data: string): ServerFrame | undefined {
  const frame = parse(data)
  const type = frame.type
  if (typeof type !== 'string') throw new UnreadableFrame('a frame without a type')
  if (!Object.hasOwn(NEEDED, type)) return undefined
  const bad = Object.entries(NEEDED[type as Kind]).find(([field, check]) => !check(frame[field]))
  if (bad) throw new UnreadableFrame(`${type}: ${bad[0]} is missing or of the wrong kind`)
  return frame as ServerFrame
}

/** Writes a frame. Fields that are undefined are absent. */
export function encode(frame: ClientFrame): string {
  return JSON.stringify(frame)
}

/** UTF-8 bytes of a text: what `limits.frame_bytes` counts. */
export function bytesOf(data: string): number {
  return new TextEncoder().encode(data).length
}

function parse(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data)
    if (object(value)) return value as Record<string, unknown>
  } catch {
    // Said below, with the same words.
  }
  throw new UnreadableFrame('no JSON object')
}
