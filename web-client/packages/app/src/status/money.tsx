import type { OrderSnapshot } from '@order-chat/client'
import { Tag } from '../parts/tag'
import { useRoom } from '../room/context'
import { namesIn } from '../words/sentences'
import { useWords } from '../words/use-words'
import { Line } from './parts'
import { paidOf, toPay } from './payment'
import { isOver } from './stages'

export function Money({ order }: { order: OrderSnapshot }) {
  const { w, format, fill } = useWords()
  const { telling } = useRoom()
  const { payment, price } = order
  const money = (amount: number) => format.money({ amount, currency: price.currency })
  const paid = paidOf(order)
  const lines: [string, number][] = [
    [w.status.toPay, toPay(order)],
    // What is on its way to one of them is no longer held for both.
    [w.status.held, payment.held - payment.refund_due - payment.payout_due],
    [fill(w.status.released, namesIn(telling)), payment.released],
    [w.status.refunded, payment.refunded],
    [w.status.refundDue, payment.refund_due],
    [w.status.payoutDue, payment.payout_due],
  ]
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-3">
        <span className="text-base font-semibold">{format.money(price)}</span>
        <Tag tone={paid.tone}>{w.status.payments[paid.word]}</Tag>
      </div>
      <dl className="flex flex-col gap-1">
        {lines
          .filter(([, amount]) => amount > 0)
          .map(([name, amount]) => (
            <Line key={name} name={name}>
              {money(amount)}
            </Line>
          ))}
      </dl>
      {(order.settlement === 'direct' || (payment.held > 0 && !isOver(order.state))) && (
        <p className="text-xs text-ink-3">{w.status[order.settlement]}</p>
      )}
      {order.fee_due && <p className="text-xs text-attention">{w.status.fee}</p>}
    </div>
  )
}
