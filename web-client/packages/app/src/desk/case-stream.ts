// What staff has of a case, from its end backwards: its seqs are without a hole, so that a page is known by its place.

import type { CaseEntriesPage, CaseEntry, Seq } from '@order-chat/client'

const PAGE = 100

export class CaseStream {
  private readonly ask: (after: Seq, limit: number) => Promise<CaseEntriesPage>
  /** Ascending, without a hole. */
  private entries: readonly CaseEntry[] = []

  constructor(ask: (after: Seq, limit: number) => Promise<CaseEntriesPage>) {
    this.ask = ask
  }

  /** All that is known, with what came since; at first the newest page. */
  async next(): Promise<readonly CaseEntry[]> {
    const known = this.entries.at(-1)?.seq
    let after = known ?? Math.max(0, (await this.ask(0, 1)).head - PAGE)
    for (let more = true; more; after = this.entries.at(-1)?.seq ?? after) {
      const page = await this.ask(after, PAGE)
      this.take(page.entries)
      more = page.more
    }
    return this.entries
  }

  /** One page more, from before the first that is known. */
  async older(): Promise<void> {
    const first = this.entries[0]?.seq ?? 1
    const after = Math.max(0, first - 1 - PAGE)
    if (first > 1) this.take((await this.ask(after, first - 1 - after)).entries)
  }

  /** Two questions at once may bring the same. */
  private take(page: readonly CaseEntry[]): void {
    const all = new Map([...this.entries, ...page].map(entry => [entry.seq, entry]))
    this.entries = [...all.values()].sort((a, b) => a.seq - b.seq)
  }
}
