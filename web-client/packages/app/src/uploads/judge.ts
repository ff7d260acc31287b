// What to do when a step of an upload fails: wait and ask where it stands, begin anew, or tell the person.

import { HttpProblem } from '@order-chat/client'
import type { Trouble } from './upload'

/** Cuts in a row that are waited out: about two minutes. */
export const TRIES = 8
const LONGEST_MS = 30_000

export type Verdict = 'wait' | 'anew' | 'stop'

export function judge(error: unknown, begun: boolean): Verdict {
  // What was not answered at all: a cut, a node that is gone, a name that is not found.
  if (!(error instanceof HttpProblem)) return isCut(error) ? 'wait' : 'stop'
  const { status, code, retry } = error.problem
  if (begun && (status === 404 || status === 410)) return 'anew'
  // 401: the next try has another token; where there is none, asking for it is what fails.
  if (status === 401 || code === 'wrong_offset' || status === 408 || status === 429) return 'wait'
  // 507: no room is left, which seconds do not mend.
  return (status >= 500 && status !== 507) || retry ? 'wait' : 'stop'
}

function isCut(error: unknown): error is Error {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')
}

/** Before the nth try in a row; longer if the service says so. Not all at the same moment. */
export function pauseMs(cuts: number, error: unknown, chance = Math.random()): number {
  const asked = error instanceof HttpProblem ? (error.problem.retry_after_ms ?? 0) : 0
  const own = Math.min(500 * 2 ** (cuts - 1), LONGEST_MS) * (0.75 + chance / 2)
  return Math.min(Math.max(own, asked), 2 * LONGEST_MS)
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof HttpProblem) {
    const { status, code, detail } = error.problem
    if (status === 401) return { code: 'ended', detail }
    if (status === 507) return { code: 'disk_full', detail }
    return { code: code || String(status), detail }
  }
  if (isCut(error)) return { code: 'cut', detail: error.message }
  if (error instanceof Unreadable) return { code: 'unreadable', detail: error.message }
  return { code: 'ended', detail: error instanceof Error ? error.message : String(error) }
}

/** The file was changed, moved or deleted since it was chosen. */
export class Unreadable extends Error {
  override name = 'Unreadable'
}
