// What this page shows of a file, by the type that the service found in its bytes. Nothing that could run: a drawing in SVG
// is none of them.

import type { FileRef } from '@order-chat/client'

export type Shown = 'image' | 'video' | 'audio' | 'pdf'

const IMAGES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
])
const SOUNDS: ReadonlySet<string> = new Set([
  'audio/mpeg',
  'audio/m4a',
  'audio/ogg',
  'audio/opus',
  'audio/x-flac',
  'audio/x-wav',
  'audio/aac',
])
const FILMS: ReadonlySet<string> = new Set(['video/mp4', 'video/x-m4v', 'video/webm', 'video/quicktime'])
/** Larger ones are downloaded, not shown. */
const IMAGE_BYTES = 20_000_000
const PDF_BYTES = 100_000_000

/** An answer to a question for a file is the file. */
export function asFile(answer: unknown): FileRef | undefined {
  return typeof answer === 'object' && answer !== null && 'id' in answer ? (answer as FileRef) : undefined
}

export function shownAs({ type, size }: Pick<FileRef, 'type' | 'size'>): Shown | undefined {
  if (IMAGES.has(type)) return size <= IMAGE_BYTES ? 'image' : undefined
  if (type === 'application/pdf') return size <= PDF_BYTES ? 'pdf' : undefined
  if (SOUNDS.has(type)) return 'audio'
  return FILMS.has(type) ? 'video' : undefined
}
