// Why something did not happen, in the reader's language: by code where there are words for it, else as the service says it.

import { Closed, HttpProblem, NotQueued, type OrderSnapshot, Refused } from '@order-chat/client'
import type { Words } from './words'

/** What an action that is not allowed and a command that was refused have in common. */
export interface Said {
  readonly code?: string | undefined
  readonly message?: string | undefined
}

/** An order that is given is the one that somebody wanted to cancel. */
export function refusalText({ code = '', message = '' }: Said, w: Words, cancelled?: OrderSnapshot): string {
  const unlock = cancelled && cancelUnlock(code, cancelled)
  return unlock ? w.cancelling[unlock] : (w.reasons[code] ?? message)
}

const WORK: ReadonlySet<string> = new Set(['in_progress', 'in_revision', 'delivered'])

/** What the rules of an order unlock where it stands, as the service judges it (S31, S58, K21). */
function cancelUnlock(code: string, { state, policy }: OrderSnapshot): keyof Words['cancelling'] | undefined {
  if ((code !== 'not_past_due' && code !== 'wrong_state') || !WORK.has(state)) return undefined
  const unlocks = new Set(policy.cancel_unlocked_by)
  if (unlocks.has('past_due') && state !== 'delivered') return 'past_due'
  if (unlocks.has('revisions_exhausted')) return 'revisions_exhausted'
  return unlocks.has('past_due') ? 'delivered' : 'never'
}

/** What came of a call, a command or a message that failed. */
export function problemText(error: unknown, w: Words): string {
  if (error instanceof Refused) return refusalText(error.refusal, w)
  if (error instanceof HttpProblem) {
    const { status, code, detail } = error.problem
    const known = w.reasons[status === 401 ? 'unauthenticated' : code]
    return known ?? (status >= 500 ? (w.reasons.unavailable ?? detail) : detail)
  }
  if (error instanceof NotQueued) return error.why === 'full' ? w.composer.tooMany : w.composer.notKept
  if (error instanceof Closed) return w.connection.closed
  if (error instanceof SignedOut) return w.connection.expired
  // What was not answered at all: a cut, or silence.
  if (error instanceof TypeError || error instanceof DOMException) return w.states.unreachable
  return error instanceof Error ? error.message : String(error)
}

/** The token is over its time, and there is no other. */
export class SignedOut extends Error {
  override name = 'SignedOut'
}
