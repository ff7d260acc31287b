// What is on its way into a room, and what is told about it. Pure.

import type { FileRef, OrderId } from '@order-chat/client'

/** The most of one message or delivery. */
export const MAX_FILES = 50

/** What an upload belongs to: the message that is written, or a command's form. */
export type List = string

export interface Upload {
  readonly key: string
  readonly order: OrderId
  readonly list: List
  readonly name: string
  readonly size: number
  /** How much the service has. */
  readonly received: number
  /** cut: the connection is gone, it goes on by itself · needs_file: it was begun before a reload, and only the person
   * can give the file again. */
  readonly state: 'waiting' | 'running' | 'cut' | 'paused' | 'needs_file' | 'failed' | 'done'
  /** As the room has it, its hash and type found by the service. */
  readonly file?: FileRef
  readonly trouble?: Trouble
}

/** Why something did not go on. */
export interface Trouble {
  readonly code: string
  /** For people, in English: what is said where nothing stands for the code. */
  readonly detail: string
}

/** What is kept of an upload over a reload. */
export interface KeptUpload {
  readonly key: string
  readonly order: OrderId
  readonly list: List
  readonly name: string
  readonly size: number
  /** With name and size what a file is known by. */
  readonly modified: number
  readonly addedAt: number
  /** Beginning twice with the same id is one upload. */
  readonly attempt: string
  readonly address?: string
  readonly paused?: boolean
  /** Why it does not go on by itself. */
  readonly trouble?: Trouble
  /** The bytes themselves, where they are few. */
  readonly source?: File
  readonly file?: FileRef
}

/** What could not be added. */
export interface Refusal {
  readonly name: string
  readonly why: 'empty' | 'too_large' | 'too_many' | 'another_file' | 'not_now'
  readonly limit?: number
}

/** Whether it moves, or will by itself. */
export function moves({ state }: Upload): boolean {
  return state === 'waiting' || state === 'running' || state === 'cut'
}

/** What a reload does not change: the next try is the person's. What only waits for a connection or a sign-in goes on. */
export function lasts({ code }: Trouble): boolean {
  return code !== 'cut' && code !== 'ended' && code !== 'unreadable'
}

export function afterReload({ file, source, paused, trouble }: KeptUpload): Upload['state'] {
  if (file) return 'done'
  // Also where its bytes are not here any more: nobody is asked to choose a file that is not taken.
  if (trouble) return 'failed'
  return source ? (paused ? 'paused' : 'waiting') : 'needs_file'
}

/** What stays as it is, however often it is tried. */
const FINAL: ReadonlySet<string> = new Set(['type_not_allowed', 'file_too_large'])

export function canTryAgain({ state, trouble }: Upload): boolean {
  return state === 'failed' && !FINAL.has(trouble?.code ?? '')
}

/** The file that this upload was begun with? */
export function isSame(
  kept: Pick<KeptUpload, 'name' | 'size' | 'modified'>,
  { name, size, lastModified }: Pick<File, 'name' | 'size' | 'lastModified'>,
): boolean {
  return kept.name === name && kept.size === size && kept.modified === lastModified
}

export function idOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1)
}
