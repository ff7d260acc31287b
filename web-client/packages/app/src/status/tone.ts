import type { OrderSnapshot, State } from '@order-chat/client'
import type { Tone } from '../parts/tag'

export function stateTone({
  state,
  overdue,
  case: open,
}: Pick<OrderSnapshot, 'state' | 'overdue'> & { case?: unknown }): Tone {
  if (open || (overdue && (state === 'in_progress' || state === 'in_revision'))) return 'danger'
  return toneOf(state)
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
