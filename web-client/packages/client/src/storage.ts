// Where the outbox is written down, before anything goes to the network: IndexedDB, one database per user.

import type { OutboxItem } from './outbox.js'

export interface OutboxStorage {
  /** `memory` does not survive a reload: the application may want to say so. */
  readonly kind: 'indexeddb' | 'memory'
  /** Everything that is kept. */
  load(): Promise<OutboxItem[]>
  /** Keeps a new item; resolves with its number once it is on disk. Numbers rise over all tabs. */
  add(item: Omit<OutboxItem, 'no'>): Promise<number>
  /** Writes over an item, or keeps it under the number it has. */
  put(item: OutboxItem): Promise<void>
  /** Forgets an item. */
  remove(no: number): Promise<void>
  close(): void
}

const STORE = 'outbox'

export async function openStorage(factory: IDBFactory, name: string): Promise<OutboxStorage> {
  const opening = factory.open(name, 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(STORE, { keyPath: 'no', autoIncrement: true })
  }
  const database = await answer(opening)
  // A newer build in another tab may want to change it.
  database.onversionchange = () => database.close()
  return new IndexedStorage(database)
}

class IndexedStorage implements OutboxStorage {
  readonly kind = 'indexeddb'
  private readonly database: IDBDatabase

  constructor(database: IDBDatabase) {
    this.database = database
  }

  load(): Promise<OutboxItem[]> {
    return answer(this.database.transaction(STORE).objectStore(STORE).getAll())
  }

  add(item: Omit<OutboxItem, 'no'>): Promise<number> {
    return this.write(store => store.add(item)) as Promise<number>
  }

  async put(item: OutboxItem): Promise<void> {
    await this.write(store => store.put(item))
  }

  async remove(no: number): Promise<void> {
    await this.write(store => store.delete(no))
  }

  close(): void {
    this.database.close()
  }

  /** Resolves when the transaction is complete, not when the request is: only then it is on disk. */
  private write<T>(ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(STORE, 'readwrite', { durability: 'strict' })
      const request = ask(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? new Error('the write was aborted'))
    })
  }
}

/** For places without IndexedDB, such as some private windows. */
export class MemoryStorage implements OutboxStorage {
  readonly kind = 'memory'
  private readonly items = new Map<number, OutboxItem>()
  private last = 0

  async load(): Promise<OutboxItem[]> {
    return [...this.items.values()]
  }

  async add(item: Omit<OutboxItem, 'no'>): Promise<number> {
    this.last += 1
    this.items.set(this.last, { ...item, no: this.last })
    return this.last
  }

  async put(item: OutboxItem): Promise<void> {
    this.items.set(item.no, item)
  }

  async remove(no: number): Promise<void> {
    this.items.delete(no)
  }

  close(): void {}
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'))
  })
}
