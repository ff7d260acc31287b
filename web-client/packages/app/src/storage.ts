// What is kept in this browser or this tab. Where nothing can be, because it is full or may not, it lasts as long as the page.

export type Storing = Pick<Storage, 'getItem' | 'setItem'>

export class Guarded implements Storing {
  private readonly real: () => Storage
  private readonly unkept = new Map<string, string>()

  /** Only to ask for it may be forbidden already. */
  constructor(real: () => Storage) {
    this.real = real
  }

  getItem(key: string): string | null {
    return this.unkept.get(key) ?? tried(() => this.real().getItem(key)) ?? null
  }

  setItem(key: string, text: string): void {
    this.unkept.set(key, text)
    tried(() => {
      this.real().setItem(key, text)
      this.unkept.delete(key)
    })
  }

  removeItem(key: string): void {
    this.unkept.delete(key)
    tried(() => this.real().removeItem(key))
  }

  keys(): string[] {
    return [...this.unkept.keys(), ...(tried(() => Object.keys(this.real())) ?? [])]
  }
}

export const browserStorage = new Guarded(() => localStorage)
export const tabStorage = new Guarded(() => sessionStorage)

function tried<T>(what: () => T): T | undefined {
  try {
    return what()
  } catch {
    return undefined
  }
}
