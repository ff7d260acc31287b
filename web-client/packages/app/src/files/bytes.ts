// Bytes of files that are shown: read once by a signed address, kept as long as somebody looks at them and a little longer.

import type { FileRef } from '@order-chat/client'
import { useEffect, useState } from 'react'
import type { Api } from '../session/api'
import { useSessionIfAny } from '../session/session'
import { shownAs } from './kinds'

/** Kept although nobody looks: who scrolls back sees them at once. */
const KEPT = 24
/** Read at once; a node gives one user 16 places, and there may be other pages. */
const AT_ONCE = 6

interface Held {
  readonly url: Promise<string>
  users: number
}

export class FileBytes {
  private readonly api: Api
  private readonly held = new Map<string, Held>()
  private readonly waiting: (() => void)[] = []
  private reading = 0

  constructor(api: Api) {
    this.api = api
  }

  /** An address inside of this page, until it is given back. */
  take(file: FileRef): Promise<string> {
    const before = this.held.get(file.id)
    const held = before ?? { url: this.read(file).then(blob => URL.createObjectURL(blob)), users: 0 }
    held.users += 1
    // The last one used is the last one to go.
    this.held.delete(file.id)
    this.held.set(file.id, held)
    if (!before) held.url.catch(() => this.held.delete(file.id))
    return held.url
  }

  giveBack({ id }: FileRef): void {
    const held = this.held.get(id)
    if (held) held.users -= 1
    const idle = [...this.held].filter(([, { users }]) => users <= 0)
    for (const [id, { url }] of idle.slice(0, Math.max(idle.length - KEPT, 0))) this.drop(id, url)
  }

  /** The bytes, of the type that this page knows it to be; anything else is only bytes. */
  async read(file: FileRef): Promise<Blob> {
    const address = await this.api.fileAddress(file.id)
    if (!address) throw new Error('the host keeps this file')
    await this.turn()
    try {
      const answer = await fetch(address)
      if (!answer.ok) throw new Error(answer.statusText)
      const type = shownAs(file) ? file.type : 'application/octet-stream'
      return new Blob([await answer.arrayBuffer()], { type })
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.reading -= 1
    }
  }

  private async turn(): Promise<void> {
    if (this.reading < AT_ONCE) this.reading += 1
    else await new Promise<void>(next => this.waiting.push(next))
  }

  end(): void {
    for (const [id, { url }] of [...this.held]) this.drop(id, url)
  }

  private drop(id: string, url: Promise<string>): void {
    this.held.delete(id)
    void url.then(url => URL.revokeObjectURL(url)).catch(() => undefined)
  }
}

/** Where the bytes of a file are inside of this page; `failed` when they cannot be had. */
export function useBytes(file: FileRef, wanted: boolean): { url?: string; failed?: boolean } {
  const session = useSessionIfAny()
  const bytes = session?.files
  const [found, setFound] = useState<{ id: string; url?: string; failed?: boolean }>({ id: file.id })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file never changes under its id
  useEffect(() => {
    if (!bytes || !wanted) return
    let over = false
    bytes.take(file).then(
      url => !over && setFound({ id: file.id, url }),
      () => !over && setFound({ id: file.id, failed: true }),
    )
    return () => {
      over = true
      bytes.giveBack(file)
    }
  }, [bytes, wanted, file.id])
  return found.id === file.id ? found : {}
}
