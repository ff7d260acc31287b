// The files that are added to a message or a delivery, each with its own progress and its own failure.

import type { FileRef, OrderId } from '@order-chat/client'
import { useEffect, useMemo, useState } from 'react'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { type List, moves, type Refusal, type Upload } from './upload'

export interface Uploads {
  readonly all: readonly Upload[]
  readonly files: readonly FileRef[]
  /** Something moves. */
  readonly running: boolean
  /** What could not be added just now. */
  readonly refused: readonly Refusal[]
  readonly add: (files: Iterable<File>) => void
  readonly give: (key: string, file: File) => void
  readonly pause: (key: string) => void
  readonly resume: (key: string) => void
  readonly remove: (key: string) => void
}

export function useUploads(order: OrderId, list: List): Uploads {
  const { uploads: desk } = useSession()
  const every = useStore(desk.all)
  const [refused, setRefused] = useState<readonly Refusal[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was refused here is nothing to another room
  useEffect(() => setRefused([]), [order, list])
  return useMemo(() => {
    const all = every.filter(one => one.order === order && one.list === list)
    return {
      all,
      files: all.flatMap(({ file }) => (file ? [file] : [])),
      running: all.some(moves),
      refused,
      add: files => {
        // A list of an input is emptied with it.
        const given = [...files]
        setRefused([])
        desk
          .add(order, list, given)
          .then(setRefused, () => setRefused(given.map(({ name }) => ({ name, why: 'not_now' }))))
      },
      give: (key, file) => {
        desk.give(key, file).then(
          why => setRefused(why ? [why] : []),
          () => setRefused([{ name: file.name, why: 'not_now' }]),
        )
      },
      pause: key => desk.pause(key),
      resume: key => desk.resume(key),
      remove: key => desk.remove(key),
    }
  }, [desk, every, order, list, refused])
}
