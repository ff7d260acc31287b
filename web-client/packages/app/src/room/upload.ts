// Files on their way into a room, in tus 1.0.0 (https://tus.io): a cut costs the piece that was on its way, no more.

import type { FileRef, OrderId } from '@order-chat/client'
import type { Api } from '../session/api'

/** How much is sent at once: what a cut may cost. */
const PIECE = 8 * 1024 * 1024
/** Cuts in a row that are waited out. */
const TRIES = 5
export const MAX_FILES = 50

export interface Upload {
  readonly key: string
  readonly name: string
  readonly size: number
  /** How much the service has. */
  readonly received?: number
  readonly state: 'running' | 'done' | 'failed'
  readonly file?: FileRef
  readonly problem?: string
  readonly source?: File
}

/** Gives the file as the room has it, its hash and type found by the service. */
export async function upload(
  api: Api,
  order: OrderId,
  file: File,
  progress: (received: number) => void,
): Promise<FileRef> {
  const place = await api.beginUpload(order, file)
  let received = 0
  let cuts = 0
  while (received < file.size) {
    try {
      received = await api.sendPiece(place, received, file.slice(received, received + PIECE))
      cuts = 0
      progress(received)
    } catch (error) {
      // What the service said about it stands; what was not answered is asked for.
      if (!(error instanceof TypeError) || ++cuts > TRIES) throw error
      await new Promise(wait => setTimeout(wait, 250 * 2 ** cuts))
      received = await api.uploadReceived(place).catch(() => received)
    }
  }
  return api.file(place.slice(place.lastIndexOf('/') + 1))
}
