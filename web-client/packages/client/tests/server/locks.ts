// Web Locks as the standard has them, as far as they are used: exclusive, first come first served, abortable. Node 20
// has none.

interface Waiting {
  grant(): void
}

export class TabLocks {
  private readonly queues = new Map<string, Waiting[]>()

  request = ((name: string, options: { signal?: AbortSignal }, run: () => unknown) =>
    this.take(name, options, run)) as never as LockManager['request']

  private take(name: string, { signal }: { signal?: AbortSignal }, run: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(name) ?? []
      this.queues.set(name, queue)
      const release = () => {
        queue.splice(queue.indexOf(mine), 1)
        queue[0]?.grant()
      }
      let granted = false
      const mine: Waiting = {
        grant: () => {
          granted = true
          queueMicrotask(() => Promise.resolve().then(run).finally(release).then(resolve, reject))
        },
      }
      signal?.addEventListener('abort', () => {
        if (granted) return
        queue.splice(queue.indexOf(mine), 1)
        reject(signal.reason)
      })
      queue.push(mine)
      if (queue.length === 1) mine.grant()
    })
  }
}
