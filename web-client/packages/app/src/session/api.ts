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

export type DemoOrder = Omit<Placement, 'buyer' | 'seller'> & Partial<Pick<Placement, 'buyer' | 'seller'>>

/** A cut that nobody told of; longer than the service takes to put a file together. */
const SILENCE_MS = 40_000

export interface DemoPayment {
  readonly id: string
  readonly kind: 'payment' | 'refund' | 'payout'
  readonly amount: number
  readonly currency: string
  readonly reference: string
}

export class Api {
  private readonly getToken: () => Promise<string>
  private limit: Promise<number | undefined> | undefined

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

  caseEntries(order: OrderId): Promise<CaseEntriesPage> {
    return this.ask('GET', `/v1/orders/${order}/case/entries?limit=200`)
  }

  noteOnCase(order: OrderId, text: string): Promise<unknown> {
    return this.ask('POST', `/v1/orders/${order}/case/entries`, { id: crypto.randomUUID(), text })
  }

  /** The largest file that is taken; nothing when there is no limit. */
  largestFile(): Promise<number | undefined> {
    this.limit ??= this.askLargestFile().catch(error => {
      this.limit = undefined
      throw error
    })
    return this.limit
  }

  /** Begins an upload; gives its address. The same id begins it once. */
  async beginUpload(
    order: OrderId,
    { name, size }: Pick<File, 'name' | 'size'>,
    id: string,
    signal: AbortSignal,
  ): Promise<string> {
    const filename = btoa(String.fromCodePoint(...new TextEncoder().encode(name)))
    const headers = {
      'idempotency-key': id,
      'upload-length': String(size),
      'upload-metadata': `filename ${filename}`,
    }
    const answer = await this.tus('POST', `/v1/orders/${order}/files`, headers, signal)
    return answer.headers.get('location') ?? ''
  }

  /** Sends what comes next of an upload; gives how much the service has now. */
  async sendPiece(
    place: string,
    from: number,
    piece: Blob,
    signal: AbortSignal,
    progress: (sent: number) => void,
  ): Promise<number> {
    const headers = {
      ...(await this.speaking()),
      'upload-offset': String(from),
      'content-type': 'application/offset+octet-stream',
    }
    return patch(place, headers, piece, signal, progress)
  }

  /** How much of an upload the service has. */
  async uploadReceived(place: string, signal: AbortSignal): Promise<number> {
    return Number((await this.tus('HEAD', place, {}, signal)).headers.get('upload-offset'))
  }

  /** Ends an upload that is no file yet. */
  async endUpload(place: string): Promise<void> {
    await this.tus('DELETE', place, {}, AbortSignal.timeout(15_000))
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

  private async askLargestFile(): Promise<number | undefined> {
    const answer = await fetch('/v1/uploads/-', { method: 'OPTIONS', signal: AbortSignal.timeout(5000) })
    const most = answer.headers.get('tus-max-size')
    return most === null ? undefined : Number(most)
  }

  private async speaking(): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.getToken()}`, 'tus-resumable': '1.0.0' }
  }

  private async tus(
    method: string,
    path: string,
    asked: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const headers = { ...asked, ...(await this.speaking()) }
    // An answer may take as long as the service puts a file together.
    const answer = await fetch(path, { method, headers, signal: within(signal, 40_000) })
    if (answer.ok) return answer
    throw await problemOf(answer)
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
    throw await problemOf(answer)
  }
}

/** Only the older way tells how much of a body is on its way. */
function patch(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Blob,
  signal: AbortSignal,
  progress: (sent: number) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('PATCH', path)
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value)
    const cut = () => reject(new TypeError('the connection was cut'))
    // Nothing moves any more: a cut that nobody told of.
    let silent = setTimeout(() => call.abort(), SILENCE_MS)
    const alive = () => {
      clearTimeout(silent)
      silent = setTimeout(() => call.abort(), SILENCE_MS)
    }
    call.upload.onprogress = ({ loaded }) => {
      alive()
      progress(loaded)
    }
    call.onload = () => {
      if (call.status === 204) resolve(Number(call.getResponseHeader('upload-offset')))
      else reject(problemFrom(call.status, call.statusText, call.responseText))
    }
    call.onerror = cut
    call.onabort = () => (signal.aborted ? reject(signal.reason) : cut())
    call.onloadend = () => {
      clearTimeout(silent)
      signal.removeEventListener('abort', stop)
    }
    const stop = () => call.abort()
    signal.addEventListener('abort', stop)
    if (signal.aborted) reject(signal.reason)
    else call.send(body)
  })
}

function within(signal: AbortSignal, ms: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)])
}

async function problemOf(answer: Response): Promise<HttpProblem> {
  return problemFrom(answer.status, answer.statusText, await answer.text().catch(() => ''))
}

function problemFrom(status: number, title: string, body: string): HttpProblem {
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
