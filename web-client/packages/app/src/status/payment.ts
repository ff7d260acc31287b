// What was paid of the price. Pure.

import type { OrderSnapshot } from '@order-chat/client'
import type { Tone } from '../parts/tag'
import { isOver } from './stages'

type Facts = Pick<OrderSnapshot, 'payment' | 'price' | 'settlement' | 'state'>

/** A word of `status.payments`, and its tone. */
export function paidOf(order: Facts): { word: string; tone: Tone } {
  const { status } = order.payment
  if (status === 'paid' && shortOf(order) > 0) return { word: 'part_paid', tone: 'attention' }
  return { word: status, tone: status === 'paid' ? 'positive' : status === 'unpaid' ? 'attention' : 'plain' }
}

/** What the buyer still has to pay of a price that was raised. After a refund it is not known here: what a lower price gave
 * back is owed again when the price rises. */
export function toPay(order: Facts): number {
  const { refunded, refund_due } = order.payment
  return refunded + refund_due > 0 ? 0 : shortOf(order)
}

function shortOf({ payment, price, settlement, state }: Facts): number {
  const ended = isOver(state) && state !== 'completed'
  if (settlement === 'direct' || ended || payment.captured === 0) return 0
  return Math.max(0, price.amount - payment.captured)
}
