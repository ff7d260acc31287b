// One upload in tus 1.0.0 (https://tus.io): piece by piece, and after a cut from where the service stands. A cut costs what
// was on its way, at whichever node it goes on.

import type { FileRef, OrderId } from '@order-chat/client'
import type { Api } from '../session/api'
import type { UploadApi } from './api'
import { judge, pauseMs, TRIES, Unreadable } from './judge'
import { idOf } from './upload'

/** How much is sent at once: small enough for proxies that limit bodies. */
const PIECE = 8 * 1024 * 1024
/** Uploads that the service gave up meanwhile, in one run. */
const ANEW_MAX = 2

export interface Sending {
  readonly order: OrderId
  readonly source: File
  readonly attempt: string
  /** Where it goes on, if it was begun. */
  readonly address?: string | undefined
  readonly signal: AbortSignal
  /** It has an address, or another one. */
  readonly begun: (address: string, attempt: string) => void
  /** How much the service has, or is about to have. */
  readonly moved: (received: number, sure: boolean) => void
  /** The connection is gone; it is tried again. */
  readonly cut: (error: unknown) => void
}

/** Gives the file as the room has it. Throws what waiting does not mend. */
export async function send(api: Pick<Api, 'file'>, tus: UploadApi, sending: Sending): Promise<FileRef> {
  const { source, signal } = sending
  let { address, attempt } = sending
  let at: number | undefined
  let cuts = 0
  let anew = 0
  for (;;) {
    try {
      if (address === undefined) {
        address = await tus.begin(sending.order, source, attempt, signal)
        sending.begun(address, attempt)
        at = 0
      }
      at ??= await tus.received(address, signal)
      sending.moved(at, true)
      while (at < source.size) {
        const from: number = at
        const piece = source.slice(from, from + PIECE)
        at = await tus.sendPiece(address, from, piece, signal, sent => sending.moved(from + sent, false))
        cuts = 0
        sending.moved(at, true)
      }
      return await api.file(idOf(address))
    } catch (error) {
      if (signal.aborted) throw error
      await readable(source)
      const verdict = judge(error, address !== undefined)
      cuts += 1
      if (verdict === 'stop' || cuts > TRIES) throw error
      if (verdict === 'anew') {
        anew += 1
        if (anew > ANEW_MAX) throw error
        address = undefined
        attempt = crypto.randomUUID()
      }
      at = undefined
      sending.cut(error)
      await pause(pauseMs(cuts, error), signal)
    }
  }
}

/** A file that cannot be read any more looks like a cut. */
async function readable(source: File): Promise<void> {
  try {
    await source.slice(0, 1).arrayBuffer()
  } catch (cause) {
    throw new Unreadable('the file cannot be read any more', { cause })
  }
}

/** Ends early when the network is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = new AbortController()
    const end = (then: () => void) => () => {
      clearTimeout(timer)
      over.abort()
      then()
    }
    const timer = setTimeout(end(resolve), ms)
    window.addEventListener('online', end(resolve), { signal: over.signal })
    signal.addEventListener(
      'abort',
      end(() => reject(signal.reason)),
      { signal: over.signal },
    )
  })
}
