// Uploads that a reload must not lose, one database a person: what was begun, what is done but not sent yet, and the bytes of
// small files. A tab that is alive keeps its own to itself; another takes them when it is gone.

import type { KeptUpload } from './upload'

const STORE = 'uploads'
/** Larger files are asked for again after a reload. */
export const KEPT_BYTES = 50 * 1024 * 1024
/** An upload that nobody sent for so long is forgotten. */
const KEEP_MS = 30 * 24 * 3600_000

export class KeptUploads {
  private readonly opening: Promise<IDBDatabase | undefined>
  private readonly letGo = new Map<string, () => void>()
  private readonly over = new AbortController()
  /** Writes follow one another, so that the last one counts. */
  private writing: Promise<unknown> = Promise.resolve()

  constructor(user: string) {
    // A browser that keeps nothing loses them with the page, no sooner.
    this.opening = open(`order-chat.uploads/${user}`).catch(() => undefined)
  }

  /** Takes over whatever no living tab has, now or later. */
  async adopt(found: (kept: KeptUpload) => void): Promise<void> {
    const all = (await this.ask<KeptUpload[]>('readonly', store => store.getAll())) ?? []
    for (const { key, addedAt } of all.sort((a, b) => a.addedAt - b.addedAt)) {
      if (Date.now() - addedAt > KEEP_MS) this.remove(key)
      else
        void this.hold(key, async () => {
          // It may have been sent meanwhile.
          const kept = await this.ask<KeptUpload | undefined>('readonly', store => store.get(key))
          if (kept) found(kept)
        })
    }
  }

  /** Keeps it, without its bytes where there is no room for them. */
  put(kept: KeptUpload): void {
    void this.hold(kept.key)
    this.write(async () => {
      const { source, ...rest } = kept
      const small = source && source.size <= KEPT_BYTES
      const write = (one: KeptUpload) => this.ask('readwrite', store => store.put(one))
      await (small ? write(kept).catch(() => write(rest)) : write(rest))
    })
  }

  remove(key: string): void {
    this.letGo.get(key)?.()
    this.write(() => this.ask('readwrite', store => store.delete(key)))
  }

  close(): void {
    this.over.abort()
    for (const letGo of this.letGo.values()) letGo()
    this.write(async () => (await this.opening)?.close())
  }

  private write(work: () => Promise<unknown>): void {
    this.writing = this.writing.then(work).catch(() => undefined)
  }

  /** Resolves with nothing; the upload is this tab's until it is removed or the tab is closed. */
  private async hold(key: string, first?: () => Promise<void>): Promise<void> {
    if (this.letGo.has(key)) return
    const held = new Promise<void>(resolve => this.letGo.set(key, resolve))
    const { signal } = this.over
    try {
      if (!navigator.locks) return await first?.()
      await navigator.locks.request(`order-chat.upload/${key}`, { signal }, async () => {
        await first?.()
        await held
      })
    } catch {
      // This tab was closed while it waited.
    } finally {
      if (navigator.locks) this.letGo.delete(key)
    }
  }

  private async ask<T>(
    mode: IDBTransactionMode,
    what: (store: IDBObjectStore) => IDBRequest,
  ): Promise<T | undefined> {
    const database = await this.opening
    if (!database) return undefined
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = what(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result as T)
      transaction.onabort = () => reject(transaction.error ?? new Error('the write was aborted'))
    })
  }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' })
    opening.onsuccess = () => {
      // A newer build in another tab may want to change it.
      opening.result.onversionchange = () => opening.result.close()
      resolve(opening.result)
    }
    opening.onerror = () => reject(opening.error ?? new Error('IndexedDB failed'))
  })
}
