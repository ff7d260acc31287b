// What happened before the screen is opened: orders placed and commands given over HTTP, as the demo's accounts.

import { nodes } from './stage'

type Fields = Readonly<Record<string, unknown>>

export class Marketplace {
  private readonly tokens: Readonly<Record<string, string>>

  private constructor(tokens: Readonly<Record<string, string>>) {
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

  tokenOf(user: string): string {
    const token = this.tokens[user]
    if (!token) throw new Error(`the demo has no ${user}`)
    return token
  }

  async ask<T>(user: string, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${nodes()[0]}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.tokens[user]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} as ${user}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}
