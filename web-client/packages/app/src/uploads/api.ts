// The calls of an upload in tus 1.0.0 (https://tus.io). The page can do without them until a file is added.

import { HttpProblem, type OrderId } from '@order-chat/client'
import { type Api, problemFrom, problemOf } from '../session/api'
import { refuse } from '../session/person'

/** A cut that nobody told of; longer than the service takes to put a file together. */
const SILENCE_MS = 40_000

export class UploadApi {
  private readonly getToken: () => Promise<string>
  private limit: Promise<number | undefined> | undefined

  constructor({ getToken }: Pick<Api, 'getToken'>) {
    this.getToken = getToken
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
  async begin(
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
    const asked = { 'upload-offset': String(from), 'content-type': 'application/offset+octet-stream' }
    return this.speaking(asked, headers => patch(place, headers, piece, signal, progress))
  }

  /** How much of an upload the service has. */
  async received(place: string, signal: AbortSignal): Promise<number> {
    return Number((await this.tus('HEAD', place, {}, signal)).headers.get('upload-offset'))
  }

  /** Ends an upload that is no file yet. */
  async end(place: string): Promise<void> {
    await this.tus('DELETE', place, {}, AbortSignal.timeout(15_000))
  }

  private async askLargestFile(): Promise<number | undefined> {
    const answer = await fetch('/v1/uploads/-', { method: 'OPTIONS', signal: AbortSignal.timeout(5000) })
    const most = answer.headers.get('tus-max-size')
    return most === null ? undefined : Number(most)
  }

  /** An upload may live longer than a token: after one that is over comes another. */
  private async speaking<T>(
    asked: Readonly<Record<string, string>>,
    call: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> {
    const token = await this.getToken()
    try {
      return await call({ ...asked, authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' })
    } catch (error) {
      if (error instanceof HttpProblem && error.problem.status === 401) refuse(token)
      throw error
    }
  }

  private async tus(
    method: string,
    path: string,
    asked: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    return this.speaking(asked, async headers => {
      // An answer may take as long as the service puts a file together.
      const answer = await fetch(path, { method, headers, signal: within(signal, 40_000) })
      if (answer.ok) return answer
      throw await problemOf(answer)
    })
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
