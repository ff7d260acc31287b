// What happened before the screen is opened: orders placed and commands given over HTTP, as the demo's accounts.

import { nodes } from './stage'
import { hostToken, type Sent } from './token'

const TRIES = 40
const PAUSE_MS = 500

type Fields = Readonly<Record<string, unknown>>

export class Marketplace {
  private readonly tokens: Record<string, string>

  private constructor(tokens: Record<string, string>) {
    this.tokens = tokens
  }

  static async open(): Promise<Marketplace> {
    const { accounts } = (await (await fetch(`${nodes()[0]}/demo/accounts`)).json()) as {
      accounts: { user: string; token: string }[]
    }
    return new Marketplace(Object.fromEntries(accounts.map(({ user, token }) => [user, token])))
  }

  async place(title: string, more: Fields = {}): Promise<string> {
    const placement = {
      policy: 'creator',
      listing: { id: 'L-1', title },
      price: { amount: 15_000, currency: 'USD' },
      delivery_days: 7,
      revisions: 2,
      payment: 'paid',
      ...more,
    }
    const { order } = await this.ask<{ order: string }>('buyer', 'POST', '/demo/orders', placement)
    return order
  }

  /** Gives commands one after the other, each by its user. */
  async live(order: string, steps: readonly (readonly [string, Fields])[]): Promise<void> {
    for (const [user, command] of steps)
      await this.ask(user, 'POST', `/v1/orders/${order}/commands`, { id: crypto.randomUUID(), command })
  }

  /** Somebody whom the demo does not know. */
  meet(user: string, sent: Sent = {}): void {
    this.tokens[user] = hostToken(user, 3600, sent)
  }

  tokenOf(user: string): string {
    const token = this.tokens[user]
    if (!token) throw new Error(`the demo has no ${user}`)
    return token
  }

  /** A node that cannot now is asked again with the same id, as a host's back end would. */
  async ask<T>(user: string, method: string, path: string, body?: Fields): Promise<T> {
    const key = method === 'POST' && !body?.id ? { 'idempotency-key': crypto.randomUUID() } : {}
    const ask = () =>
      fetch(`${nodes()[0]}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.tokens[user]}`, 'content-type': 'application/json', ...key },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    let answer = await ask()
    for (let tries = 1; answer.status === 503 && tries < TRIES; tries += 1) {
      await new Promise(done => setTimeout(done, PAUSE_MS))
      answer = await ask()
    }
    if (!answer.ok) throw new Error(`${method} ${path} as ${user}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}
