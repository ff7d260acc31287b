// Long tasks of a page, by what they cost the processor: the clock on the wall also counts the others on the machine.

import type { Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  /** Of the thread, in µs: what it used of a processor. */
  readonly tdur?: number
  readonly args?: {
    readonly name?: string
    readonly data?: { readonly url?: string; readonly functionName?: string }
  }
}

/** The best of many times that sorting some numbers takes in a page on two idle cores of a common server. */
const REFERENCE_MS = 16

/** How many times as long this machine needs for the same work, at least 1: a limit in milliseconds grows with it. */
export async function slowness(page: Page): Promise<number> {
  const best = await page.evaluate(() => {
    let best = Number.POSITIVE_INFINITY
    for (let n = 0; n < 30; n += 1) {
      const began = performance.now()
      let seed = 1
      const numbers = Array.from({ length: 40_000 }, () => {
        seed = (seed * 48_271) % 2_147_483_647
        return seed
      })
      numbers.sort((a, b) => a - b)
      best = Math.min(best, performance.now() - began)
    }
    return best
  })
  return Math.max(best / REFERENCE_MS, 1)
}

/** Tasks of the page's main thread that took longer and in which a script of ours ran, each in words. */
export async function tasksOver(ms: number, page: Page, during: () => Promise<void>): Promise<string[]> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser')
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  await during()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const runs = tasksOf(traceEvents)
  if (runs.length === 0) throw new Error('the trace has no tasks')
  return runs.filter(({ tdur }) => (tdur ?? 0) > ms * 1000).flatMap(task => told(task, traceEvents))
}

function tasksOf(events: readonly TraceEvent[]): TraceEvent[] {
  const main = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  )
  return events.filter(
    ({ name, ph, pid, tid }) => name.endsWith('RunTask') && ph === 'X' && main.has(`${pid}/${tid}`),
  )
}

function told(task: TraceEvent, events: readonly TraceEvent[]): string[] {
  const end = task.ts + (task.dur ?? 0)
  const ours = events
    .filter(({ pid, tid, ts }) => pid === task.pid && tid === task.tid && ts >= task.ts && ts < end)
    .filter(({ args }) => args?.data?.url?.includes('/assets/'))
  if (ours.length === 0) return []
  const inside = events
    .filter(({ pid, tid, ts }) => pid === task.pid && tid === task.tid && ts > task.ts && ts < end)
    .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
  const parts = inside.slice(0, 5).map(({ name, tdur = 0, args }) => {
    const { functionName = '' } = args?.data ?? {}
    return `${name} ${functionName} ${Math.round(tdur / 1000)}`
  })
  return [`${Math.round((task.tdur ?? 0) / 1000)} ms: ${parts.join(', ')}`]
}
