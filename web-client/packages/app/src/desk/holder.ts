// Whose a case of the queue is, for the one who looks at it.

import type { QueuedCase } from '@order-chat/client'

/** `late`: its agent had the time to join and did not come, so another may take it. */
export type Holder = 'nobody' | 'me' | 'other' | 'late'

export function holderOf(one: QueuedCase, me: string, now: number): Holder {
  if (one.claimed_by === undefined) return 'nobody'
  if (one.claimed_by === me) return 'me'
  const open = one.claimable_from !== undefined && Date.parse(one.claimable_from) <= now
  return open ? 'late' : 'other'
}

/** A case that this agent can take now. */
export const isFree = (holder: Holder) => holder === 'nobody' || holder === 'late'
