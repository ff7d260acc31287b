// Tokens as a host makes them, also of people whom the demo does not know.

import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Sent {
  readonly role?: 'user' | 'agent'
  readonly name?: string
}

export function hostToken(user: string, ttlSeconds: number, sent: Sent = {}): string {
  const exp = Math.floor(Date.now() / 1000) + ttlSeconds
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { aud: 'order-chat', sub: user, role: 'user', name: user, ...sent, iat: exp - 3600, exp }
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  const secret = readFileSync(process.env.ORDER_CHAT_TEST_SECRET_FILE ?? '', 'utf8')
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
