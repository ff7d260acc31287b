// The stages of an order's way, each done, present, ahead, or where it ended early. Pure.

import type { OrderSnapshot } from '@order-chat/client'

export type StageName = 'new' | 'in_progress' | 'delivered' | 'completed'

export interface Stage {
  readonly name: StageName
  readonly is: 'done' | 'now' | 'next' | 'ended'
  /** Loops that came back to this stage. */
  readonly revisions: number
}

const WAY: readonly StageName[] = ['new', 'in_progress', 'delivered', 'completed']

type Facts = Pick<OrderSnapshot, 'state' | 'deliveries' | 'revisions' | 'due_at'>

export function stagesOf(order: Facts): Stage[] {
  const reached = reachedIn(order)
  const ended = ENDS.has(order.state)
  const way = ended ? [...WAY.slice(0, reached + 1), 'completed' as const] : WAY
  const last = way.length - 1
  return way.map((name, at) => {
    const revisions = name === 'delivered' && at <= reached ? order.revisions.used : 0
    if (isOver(order.state)) return { name, is: at < last ? 'done' : ended ? 'ended' : 'done', revisions }
    return { name, is: at < reached ? 'done' : at === reached ? 'now' : 'next', revisions }
  })
}

export function isOver(state: OrderSnapshot['state']): boolean {
  return state === 'completed' || ENDS.has(state)
}

const ENDS: ReadonlySet<string> = new Set(['cancelled', 'declined', 'expired', 'refunded'])

/** The furthest stage that was reached; an order that ended early reached less than all. */
function reachedIn({ state, deliveries, due_at }: Facts): number {
  if (state === 'completed') return 3
  if (state === 'delivered') return 2
  if (state === 'in_progress') return 1
  if (state === 'in_revision') return 1
  if (state === 'new' || state === 'offered' || state === 'declined' || state === 'expired') return 0
  if (deliveries.length > 0) return 2
  return due_at === undefined ? 0 : 1
}
