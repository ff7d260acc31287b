// A delivery beside the one before it: each file by its name and its hash (D8). Pure.

import type { FileRef } from '@order-chat/client'

export type Change = 'same' | 'changed' | 'new' | 'renamed'

export interface Compared {
  readonly file: FileRef
  /** Absent in a first delivery. */
  readonly change?: Change
  /** What it was called before. */
  readonly before?: string
}

export interface Comparison {
  readonly files: readonly Compared[]
  readonly gone: readonly FileRef[]
}

export function compare(files: readonly FileRef[], before: readonly FileRef[] | undefined): Comparison {
  if (!before) return { files: files.map(file => ({ file })), gone: [] }
  const left = [...before]
  const take = (like: (one: FileRef) => boolean): FileRef | undefined => {
    const at = left.findIndex(like)
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  // The surest likeness first, for all of them: two files may have one name.
  const found = new Map<FileRef, Omit<Compared, 'file'>>()
  const look = (change: Change, like: (file: FileRef) => (one: FileRef) => boolean) => {
    for (const file of files) {
      if (found.has(file)) continue
      const old = take(like(file))
      if (old) found.set(file, { change, ...(change === 'renamed' ? { before: old.name } : {}) })
    }
  }
  look('same', file => one => one.name === file.name && one.sha256 === file.sha256)
  look('changed', file => one => one.name === file.name)
  look('renamed', file => one => one.sha256 === file.sha256)
  return {
    files: files.map(file => ({ file, ...(found.get(file) ?? { change: 'new' }) })),
    gone: left,
  }
}
