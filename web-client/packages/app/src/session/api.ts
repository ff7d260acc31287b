// The calls over HTTP that are no part of the SDK.

import {
  type CaseEntriesPage,
  type DeskAgents,
  type DeskQueue,
  type FileLink,
  type FileRef,
  HttpProblem,
  type InboxPage,
  type InboxTab,
  type OrderId,
  type OrderSnapshot,
  type Placement,
  type Problem,
} from '@order-chat/client'
import { refuse } from './person'

export type DemoOrder = Omit<Placement, 'buyer' | 'seller'> & Partial<Pick<Placement, 'buyer' | 'seller'>>

export interface DemoPayment {
  readonly id: string
  readonly kind: 'payment' | 'refund' | 'payout'
  readonly amount: number
  readonly currency: string
  readonly reference: string
}

export class Api {
  readonly getToken: () => Promise<string>

  constructor(getToken: () => Promise<string>) {
    this.getToken = getToken
  }

  async snapshot(order: OrderId): Promise<OrderSnapshot> {
    return this.ask<OrderSnapshot>('GET', `/v1/orders/${order}`)
  }

  inboxPage(tab: InboxTab, cursor?: string, limit?: number): Promise<InboxPage> {
    const query = new URLSearchParams({ tab, ...(cursor === undefined ? {} : { cursor }) })
    if (limit !== undefined) query.set('limit', String(limit))
    return this.ask('GET', `/v1/inbox?${query}`)
  }

  deskQueue(): Promise<DeskQueue> {
    return this.ask('GET', '/v1/desk/queue')
  }

  deskAgents(): Promise<DeskAgents> {
    return this.ask('GET', '/v1/desk/agents')
  }

  caseEntries(order: OrderId, after: number, limit: number): Promise<CaseEntriesPage> {
    return this.ask('GET', `/v1/orders/${order}/case/entries?after=${after}&limit=${limit}`)
  }

  /** The same id is the same note, however often it is sent. */
  noteOnCase(order: OrderId, id: string, text: string): Promise<unknown> {
    return this.ask('POST', `/v1/orders/${order}/case/entries`, { id, text })
  }

  async file(id: string): Promise<FileRef> {
    const { name, size, sha256, type } = await this.ask<FileLink>('GET', `/v1/files/${id}`)
    return { id, name, size, sha256, type }
  }

  /** Where the bytes of a file are for now; nothing when the host keeps them. */
  async fileAddress(id: string): Promise<string | undefined> {
    return (await this.ask<FileLink>('GET', `/v1/files/${id}`)).url
  }

  /** The demo marketplace plays the host; it needs no token of ours. */
  placeDemoOrder(order: DemoOrder): Promise<{ order: OrderId }> {
    return this.ask('POST', '/demo/orders', order)
  }

  confirmDemoPayment(order: OrderId, payment: DemoPayment): Promise<unknown> {
    return this.ask('POST', `/demo/orders/${order}/payments`, payment)
  }

  private async ask<T>(method: string, path: string, body?: unknown, again = true): Promise<T> {
    const token = await this.getToken()
    const authorization = `Bearer ${token}`
    const answer = await fetch(path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    })
    if (answer.ok) return (await answer.json()) as T
    if (answer.status === 401 && again) {
      refuse(token)
      return this.ask(method, path, body, false)
    }
    throw await problemOf(answer)
  }
}

export async function problemOf(answer: Response): Promise<HttpProblem> {
  return problemFrom(answer.status, answer.statusText, await answer.text().catch(() => ''))
}

export function problemFrom(status: number, title: string, body: string): HttpProblem {
  const plain: Problem = { type: 'about:blank', title, status, detail: title, code: '', retry: status >= 500 }
  return new HttpProblem({ ...plain, ...said(body) })
}

function said(body: string): Partial<Problem> {
  try {
    return JSON.parse(body) as Partial<Problem>
  } catch {
    return {}
  }
}
