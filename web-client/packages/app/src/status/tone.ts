import type { OrderSnapshot, State } from '@order-chat/client'
import type { Tone } from '../parts/tag'

export function stateTone({
  state,
  overdue,
  case: open,
}: Pick<OrderSnapshot, 'state' | 'overdue'> & { case?: unknown }): Tone {
  return open || isLate({ state, overdue }) ? 'danger' : toneOf(state)
}

/** The work is past due, and nothing was delivered meanwhile. */
export function isLate({ state, overdue }: Pick<OrderSnapshot, 'state' | 'overdue'>): boolean {
  return overdue && (state === 'in_progress' || state === 'in_revision')
}

export function toneOf(state: State | undefined): Tone {
  switch (state) {
    case 'completed':
      return 'positive'
    case 'delivered':
      return 'accent'
    case 'new':
    case 'offered':
    case 'in_revision':
      return 'attention'
    default:
      return 'plain'
  }
}
