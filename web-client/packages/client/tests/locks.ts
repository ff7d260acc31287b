// Web Locks as the standard has them, as far as they are used: exclusive, first come first served, abortable, and taken
// from who holds them by who steals. Node 20 has none.

interface Waiting {
  grant(): void
  lose(): void
}

export class TabLocks {
  private readonly queues = new Map<string, Waiting[]>()

  request = ((name: string, options: LockOptions, run: () => unknown) =>
    this.take(name, options, run)) as never as LockManager['request']

  private take(name: string, { signal, steal }: LockOptions, run: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(name) ?? []
      this.queues.set(name, queue)
      const release = () => {
        // Of what was stolen nothing is left to release.
        if (queue[0] !== mine) return
        queue.shift()
        queue[0]?.grant()
      }
      let granted = false
      const mine: Waiting = {
        grant: () => {
          granted = true
          queueMicrotask(() => Promise.resolve().then(run).finally(release).then(resolve, reject))
        },
        lose: () => reject(new DOMException('stolen', 'AbortError')),
      }
      signal?.addEventListener('abort', () => {
        if (granted) return
        queue.splice(queue.indexOf(mine), 1)
        reject(signal.reason)
      })
      if (steal) {
        queue.shift()?.lose()
        queue.unshift(mine)
      } else queue.push(mine)
      if (queue[0] === mine) mine.grant()
    })
  }
}
