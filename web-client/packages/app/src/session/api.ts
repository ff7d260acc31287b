// The calls over HTTP that are no part of the SDK.

import {
  type CaseEntriesPage,
  type DeskQueue,
  type FileRef,
  type FileRegistered,
  HttpProblem,
  type InboxPage,
  type InboxTab,
  type OrderId,
  type OrderSnapshot,
  type Placement,
  type Problem,
  type RegisterFile,
} from '@order-chat/client'

export type DemoOrder = Omit<Placement, 'buyer' | 'seller'> & Partial<Pick<Placement, 'buyer' | 'seller'>>

export interface DemoPayment {
  readonly id: string
  readonly kind: 'payment' | 'refund' | 'payout'
  readonly amount: number
  readonly currency: string
  readonly reference: string
}

export class Api {
  private readonly getToken: () => Promise<string>

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

  caseEntries(order: OrderId): Promise<CaseEntriesPage> {
    return this.ask('GET', `/v1/orders/${order}/case/entries?limit=200`)
  }

  noteOnCase(order: OrderId, text: string): Promise<unknown> {
    return this.ask('POST', `/v1/orders/${order}/case/entries`, { id: crypto.randomUUID(), text })
  }

  async registerFile(order: OrderId, file: RegisterFile): Promise<FileRef> {
    return (await this.ask<FileRegistered>('POST', `/v1/orders/${order}/files`, file)).file
  }

  /** The demo marketplace plays the host; it needs no token of ours. */
  placeDemoOrder(order: DemoOrder): Promise<{ order: OrderId }> {
    return this.ask('POST', '/demo/orders', order)
  }

  confirmDemoPayment(order: OrderId, payment: DemoPayment): Promise<unknown> {
    return this.ask('POST', `/demo/orders/${order}/payments`, payment)
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const authorization = `Bearer ${await this.getToken()}`
    const answer = await fetch(path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    })
    if (answer.ok) return (await answer.json()) as T
    const { status, statusText: title } = answer
    const plain: Problem = {
      type: 'about:blank',
      title,
      status,
      detail: title,
      code: '',
      retry: status >= 500,
    }
    throw new HttpProblem({ ...plain, ...((await answer.json().catch(() => ({}))) as Partial<Problem>) })
  }
}
