// The files that are added to a message or a delivery, each with its own progress and its own failure.

import type { FileRef, OrderId } from '@order-chat/client'
import { useCallback, useState } from 'react'
import { useSession } from '../session/session'
import { MAX_FILES, type Upload, upload } from './upload'

export interface Uploads {
  readonly all: readonly Upload[]
  readonly files: readonly FileRef[]
  readonly running: boolean
  readonly add: (files: Iterable<File>) => void
  readonly retry: (key: string) => void
  readonly remove: (key: string) => void
  readonly reset: (files?: readonly FileRef[]) => void
}

export function useUploads(order: OrderId, kept: readonly FileRef[] = []): Uploads {
  const { api } = useSession()
  const [all, setAll] = useState<readonly Upload[]>(() => kept.map(done))
  const change = useCallback(
    (key: string, to: Partial<Upload>) =>
      setAll(before => before.map(one => (one.key === key ? { ...one, ...to } : one))),
    [],
  )
  const run = useCallback(
    (key: string, source: File) => {
      upload(api, order, source, received => change(key, { received })).then(
        file => change(key, { state: 'done', file }),
        error =>
          change(key, { state: 'failed', problem: error instanceof Error ? error.message : String(error) }),
      )
    },
    [api, order, change],
  )
  const add = useCallback(
    (files: Iterable<File>) => {
      const fresh = [...files].map(source => ({ key: crypto.randomUUID(), source }))
      setAll(before => {
        const waiting = fresh.map(({ key, source }) => ({
          key,
          source,
          name: source.name,
          size: source.size,
          state: 'running' as const,
        }))
        return [...before, ...waiting].slice(0, MAX_FILES)
      })
      for (const { key, source } of fresh) run(key, source)
    },
    [run],
  )
  const retry = (key: string) => {
    const source = all.find(one => one.key === key)?.source
    if (!source) return
    change(key, { state: 'running' })
    run(key, source)
  }
  return {
    all,
    files: all.flatMap(({ file }) => (file ? [file] : [])),
    running: all.some(({ state }) => state === 'running'),
    add,
    retry,
    remove: key => setAll(before => before.filter(one => one.key !== key)),
    reset: (files = []) => setAll(files.map(done)),
  }
}

function done(file: FileRef): Upload {
  return { key: file.id, name: file.name, size: file.size, state: 'done', file }
}
