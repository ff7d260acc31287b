// Every upload of a person in this tab: they go on whichever page is shown, few at once, and survive a reload. The page has
// it by `uploads.ts`.

import type { FileRef, OrderId } from '@order-chat/client'
import type { Api } from '../session/api'
import type { Value } from '../store'
import { UploadApi } from './api'
import { troubleOf } from './judge'
import { KEPT_BYTES, KeptUploads } from './kept'
import { send } from './send'
import {
  afterReload,
  idOf,
  isSame,
  type KeptUpload,
  type List,
  lasts,
  MAX_FILES,
  type Refusal,
  type Upload,
} from './upload'

/** On their way at once; the others wait for their turn. */
const AT_ONCE = 3
/** A progress that is told more often than this moves nobody. */
const TOLD_EVERY_MS = 150

interface Job {
  kept: KeptUpload
  source?: File | undefined
  running?: AbortController | undefined
  toldAt: number
}

export class UploadDesk {
  private readonly all: Value<readonly Upload[]>
  private readonly api: Api
  private readonly tus: UploadApi
  private readonly kept: KeptUploads
  private readonly jobs = new Map<string, Job>()
  private readonly over = new AbortController()

  constructor(api: Api, user: string, all: Value<readonly Upload[]>) {
    this.all = all
    this.api = api
    this.tus = new UploadApi(api)
    this.kept = new KeptUploads(user)
    void this.kept.adopt(kept => this.adopt(kept))
    // What gave up for want of a network goes on with it.
    window.addEventListener('online', () => this.goOn('cut'), { signal: this.over.signal })
    // What gave up for want of a sign-in goes on when the host sent the person here again.
    window.addEventListener('hashchange', () => this.goOn('ended'), { signal: this.over.signal })
  }

  /** Adds files; one that was begun before a reload goes on. Gives what could not be added. */
  async add(order: OrderId, list: List, files: Iterable<File>): Promise<Refusal[]> {
    const given = [...files]
    const most = await this.tus.largestFile().catch(() => undefined)
    const refused: Refusal[] = []
    for (const source of given) {
      if (this.goesOn(order, list, source)) continue
      const there = this.in(order, list).length
      const why =
        source.size === 0
          ? 'empty'
          : most !== undefined && source.size > most
            ? 'too_large'
            : there >= MAX_FILES
              ? 'too_many'
              : undefined
      if (why) refused.push({ name: source.name, why, ...(most === undefined ? {} : { limit: most }) })
      else this.begin(order, list, source)
    }
    this.next()
    return refused
  }

  /** The file of an upload that was begun before a reload. */
  give(key: string, source: File): Refusal | undefined {
    const job = this.jobs.get(key)
    if (!job) return undefined
    if (!isSame(job.kept, source)) return { name: job.kept.name, why: 'another_file' }
    this.goOnWith(job, source)
    this.next()
    return undefined
  }

  pause(key: string): void {
    const job = this.jobs.get(key)
    if (!job) return
    this.keep(job, { paused: true })
    job.running?.abort()
    this.show(key, { state: job.source ? 'paused' : 'needs_file' })
  }

  /** Goes on after a pause or a failure. */
  resume(key: string): void {
    const job = this.jobs.get(key)
    if (!job) return
    this.keep(job, { paused: false, trouble: undefined })
    this.show(key, { state: job.source ? 'waiting' : 'needs_file', trouble: undefined })
    this.next()
  }

  /** Ends it; what the service has of it is thrown away, unless it is a file of the room already. */
  remove(key: string): void {
    const job = this.jobs.get(key)
    if (!job) return
    job.running?.abort()
    const { address, file } = job.kept
    // What cannot be ended now, the service gives up by itself.
    if (address && !file) void this.tus.end(address).catch(() => undefined)
    this.forget(key)
    this.next()
  }

  end(): void {
    this.over.abort()
    for (const { running } of this.jobs.values()) running?.abort()
    this.kept.close()
  }

  private in(order: OrderId, list: List): Upload[] {
    return this.all.getSnapshot().filter(one => one.order === order && one.list === list)
  }

  private begin(order: OrderId, list: List, source: File): void {
    const key = crypto.randomUUID()
    const { name, size, lastModified: modified } = source
    const kept = { key, order, list, name, size, modified, addedAt: Date.now(), attempt: key, source }
    this.jobs.set(key, { kept, source, toldAt: 0 })
    this.kept.put(kept)
    this.all.set([...this.all.getSnapshot(), { key, order, list, name, size, received: 0, state: 'waiting' }])
  }

  private goesOn(order: OrderId, list: List, source: File): boolean {
    const waiting = this.in(order, list).find(({ key, state }) => {
      const job = this.jobs.get(key)
      return state === 'needs_file' && job && isSame(job.kept, source)
    })
    const job = waiting && this.jobs.get(waiting.key)
    if (job) this.goOnWith(job, source)
    return job !== undefined
  }

  private goOnWith(job: Job, source: File): void {
    job.source = source
    this.keep(job, { paused: false, trouble: undefined, source })
    this.show(job.kept.key, { state: 'waiting', trouble: undefined })
  }

  private adopt(kept: KeptUpload): void {
    const { key, order, list, name, size, file, source, trouble } = kept
    const state = afterReload(kept)
    this.jobs.set(key, { kept, source, toldAt: 0 })
    const shown: Upload = { key, order, list, name, size, received: file ? size : 0, state }
    this.all.set([
      ...this.all.getSnapshot(),
      { ...shown, ...(file && { file }), ...(trouble && { trouble }) },
    ])
    if (!file && !source) void this.look(key)
    this.next()
  }

  /** How far it came before the reload; perhaps to its end. */
  private async look(key: string): Promise<void> {
    const job = this.jobs.get(key)
    const address = job?.kept.address
    if (!job || !address) return
    try {
      const received = await this.tus.received(address, this.over.signal)
      if (received < job.kept.size) this.show(key, { received })
      else if (!job.running) this.done(job, await this.api.file(idOf(address)))
    } catch {
      // It is asked for again when it goes on.
    }
  }

  private goOn(code: string): void {
    for (const { key, state, trouble } of this.all.getSnapshot())
      if (state === 'failed' && trouble?.code === code) this.resume(key)
  }

  private next(): void {
    const running = [...this.jobs.values()].filter(job => job.running).length
    const waiting = this.all.getSnapshot().filter(({ state }) => state === 'waiting')
    for (const { key } of waiting.slice(0, Math.max(AT_ONCE - running, 0))) void this.run(key)
  }

  private async run(key: string): Promise<void> {
    const job = this.jobs.get(key)
    if (!job?.source || job.running) return
    const running = new AbortController()
    job.running = running
    this.show(key, { state: 'running' })
    try {
      const { order, attempt, address } = job.kept
      const file = await send(this.api, this.tus, {
        order,
        source: job.source,
        attempt,
        address,
        signal: running.signal,
        begun: (address, attempt) => this.keep(job, { address, attempt }),
        moved: (received, sure) => this.tell(job, received, sure),
        cut: () => this.show(key, { state: 'cut' }),
      })
      this.done(job, file)
    } catch (error) {
      if (!running.signal.aborted) this.fail(job, error)
    } finally {
      if (job.running === running) job.running = undefined
      if (!this.over.signal.aborted) this.next()
    }
  }

  private fail(job: Job, error: unknown): void {
    const trouble = troubleOf(error)
    const { key } = job.kept
    if (lasts(trouble)) this.keep(job, { trouble })
    if (trouble.code !== 'unreadable') return this.show(key, { state: 'failed', trouble })
    job.source = undefined
    this.show(key, { state: 'needs_file', trouble })
  }

  private tell(job: Job, received: number, sure: boolean): void {
    const now = performance.now()
    if (!sure && now - job.toldAt < TOLD_EVERY_MS) return
    job.toldAt = now
    this.show(job.kept.key, { received, state: 'running' })
  }

  private done(job: Job, file: FileRef): void {
    job.source = undefined
    this.keep(job, { file, source: undefined })
    this.show(job.kept.key, { state: 'done', received: file.size, name: file.name, file, trouble: undefined })
  }

  private keep(job: Job, change: { [K in keyof KeptUpload]?: KeptUpload[K] | undefined }): void {
    if (!this.jobs.has(job.kept.key)) return
    const { source, ...kept } = { ...job.kept, ...change } as KeptUpload
    // The bytes of small files are kept until they are a file of the room.
    const bytes = kept.file ? undefined : (source ?? job.source)
    job.kept = bytes && bytes.size <= KEPT_BYTES ? { ...kept, source: bytes } : kept
    this.kept.put(job.kept)
  }

  private forget(key: string): void {
    this.jobs.delete(key)
    this.kept.remove(key)
    this.all.set(this.all.getSnapshot().filter(one => one.key !== key))
  }

  private show(key: string, change: { [K in keyof Upload]?: Upload[K] | undefined }): void {
    const changed = (one: Upload) => (one.key === key ? ({ ...one, ...change } as Upload) : one)
    this.all.set(this.all.getSnapshot().map(changed))
  }
}
