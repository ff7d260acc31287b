// What can be watched: the shape that React's useSyncExternalStore wants.

export interface Store<T> {
  /** The present value; the same object until something changes. */
  readonly getSnapshot: () => T
  /** Calls back after every change; what it returns ends that. */
  readonly subscribe: (changed: () => void) => () => void
}

/** Listeners that cannot hurt each other: one that throws is reported, the rest are still called. */
export class Listeners<A extends unknown[]> {
  private readonly all = new Set<(...told: A) => void>()

  readonly add = (listener: (...told: A) => void): (() => void) => {
    // A wrapper of its own: the same function added twice is two listeners.
    const own = (...told: A) => listener(...told)
    this.all.add(own)
    return () => {
      this.all.delete(own)
    }
  }

  tell(...told: A): void {
    for (const listener of [...this.all]) {
      try {
        listener(...told)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}

/** A value that is replaced, never changed. */
export class Cell<T> implements Store<T> {
  private value: T
  private readonly listeners = new Listeners<[]>()

  constructor(value: T) {
    this.value = value
  }

  readonly getSnapshot = (): T => this.value
  readonly subscribe = (changed: () => void): (() => void) => this.listeners.add(changed)

  set(value: T): void {
    if (Object.is(value, this.value)) return
    this.value = value
    this.listeners.tell()
  }
}
