// Questions over HTTP, at the same endpoints and with the same tokens as the socket.

import type { Settings } from './options.js'
import type { InboxPage, InboxTab, OrderId, Problem, Side, UserId } from './protocol.js'

/** The server said no, in the words of RFC 9457. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

export class Http {
  private readonly settings: Settings

  constructor(settings: Settings) {
    this.settings = settings
  }

  /** The same pair has the same room, so that asking again at another endpoint does no harm. */
  async openConversation(other: UserId, as: Side): Promise<OrderId> {
    const { order } = await this.ask<{ order: OrderId }>('/v1/conversations', { with: other, as })
    return order
  }

  inbox(tab: InboxTab, cursor?: string): Promise<InboxPage> {
    const query = new URLSearchParams({ tab, ...(cursor === undefined ? {} : { cursor }) })
    return this.ask<InboxPage>(`/v1/inbox?${query}`)
  }

  /** Each endpoint once, in turn, while none of them answers. Throws [`HttpProblem`], or what the network threw. */
  private async ask<T>(path: string, body?: unknown): Promise<T> {
    const authorization = `Bearer ${await this.settings.getToken()}`
    let last: unknown
    for (const endpoint of this.settings.endpoints) {
      const address = endpoint.replace(/^ws/, 'http').replace(/\/+$/, '') + path
      try {
        const signal = AbortSignal.timeout(this.settings.timing.welcomeWithinMs)
        const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
        const json = body === undefined ? {} : { 'content-type': 'application/json' }
        const headers = { authorization, ...json }
        return await read<T>(await this.settings.environment.fetch(address, { ...post, headers, signal }))
      } catch (error) {
        if (error instanceof HttpProblem && !error.problem.retry) throw error
        last = error
      }
    }
    throw last
  }
}

async function read<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T
  const { status, statusText } = response
  const plain: Problem = {
    type: 'about:blank',
    title: statusText,
    status,
    detail: statusText,
    code: '',
    retry: status >= 500,
  }
  const said = (await response.json().catch(() => ({}))) as Partial<Problem>
  throw new HttpProblem({ ...plain, ...said })
}
