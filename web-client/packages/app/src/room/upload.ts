// Files on their way into a room. The file is hashed here and its reference registered; where the bytes go is the
// service's business, and this module is the only one that knows.

import type { FileRef, OrderId } from '@order-chat/client'
import type { Api } from '../session/api'

/** The digest needs the whole file in memory. */
export const MAX_BYTES = 512 * 1024 * 1024
export const MAX_FILES = 50

export interface Upload {
  readonly key: string
  readonly name: string
  readonly size: number
  readonly state: 'running' | 'done' | 'failed'
  readonly file?: FileRef
  readonly problem?: string
  readonly source?: File
}

export async function upload(api: Api, order: OrderId, file: File): Promise<FileRef> {
  if (file.size > MAX_BYTES) throw new Error(`${Math.round(MAX_BYTES / 1024 / 1024)} MB`)
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return api.registerFile(order, {
    name: file.name,
    size: file.size,
    sha256,
    type: file.type || 'application/octet-stream',
  })
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
