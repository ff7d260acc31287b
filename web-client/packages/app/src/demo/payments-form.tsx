// What a marketplace's payment service would report: money that came in, went back, or was paid out.

import type { OrderSnapshot } from '@order-chat/client'
import { Banknote } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../parts/button'
import type { DemoPayment } from '../session/api'
import { useAsked } from '../session/asked'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { problemText } from '../words/problems'
import { useWords } from '../words/use-words'

/** Orders that are looked at: the latest. */
const LOOKED_AT = 20

interface Due {
  readonly order: OrderSnapshot
  readonly kind: DemoPayment['kind']
  readonly amount: number
}

export function PaymentsForm() {
  const { client, api, staff } = useSession()
  const inbox = useStore(client.inbox)
  const { w, format, fill } = useWords()
  const [problem, setProblem] = useState<string>()
  const orders = inbox.rooms
    .filter(({ state }) => state !== undefined)
    .slice(0, LOOKED_AT)
    .map(({ order }) => order)
  const versions = inbox.rooms.map(({ head }) => head).join()
  const snapshots = useAsked(
    () => Promise.all(orders.map(order => api.snapshot(order))),
    `snapshots/${versions}`,
  )
  const dues = (snapshots.data ?? []).flatMap(duesOf)
  const confirm = async ({ order, kind, amount }: Due) => {
    const id = crypto.randomUUID()
    try {
      await api.confirmDemoPayment(order.order, {
        id,
        kind,
        amount,
        currency: order.price.currency,
        reference: `demo-${id.slice(0, 8)}`,
      })
      setProblem(undefined)
      snapshots.again()
    } catch (error) {
      setProblem(problemText(error, w))
    }
  }
  if (staff) return null
  const words = { payment: w.demo.confirmPayment, refund: w.demo.confirmRefund, payout: w.demo.confirmPayout }
  return (
    <section className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-5">
      <div>
        <h2 className="text-base font-semibold">{w.demo.money}</h2>
        <p className="text-sm text-ink-2">{w.demo.moneyHint}</p>
      </div>
      {problem && (
        <p role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      {dues.length === 0 ? (
        <p className="text-sm text-ink-3">{w.demo.nothingDue}</p>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {dues.map(due => (
            <li key={`${due.order.order} ${due.kind}`} className="flex flex-wrap items-center gap-3 py-2">
              <span dir="auto" className="min-w-0 grow truncate text-sm">
                {fill(w.demo.forOrder, { title: due.order.listing.title })}
              </span>
              <Button small icon={Banknote} onPress={() => void confirm(due)}>
                {fill(words[due.kind], {
                  amount: format.money({ amount: due.amount, currency: due.order.price.currency }),
                })}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function duesOf(snapshot: OrderSnapshot): Due[] {
  const { payment, price, state } = snapshot
  const open = !['declined', 'cancelled', 'refunded', 'expired'].includes(state)
  const paid = snapshot.settlement === 'direct' && payment.status === 'paid' ? price.amount : payment.captured
  const owed = open ? price.amount - paid : 0
  const dues: [Due['kind'], number][] = [
    ['payment', owed],
    ['refund', payment.refund_due],
    ['payout', payment.payout_due],
  ]
  return dues.flatMap(([kind, amount]) => (amount > 0 ? [{ order: snapshot, kind, amount }] : []))
}
