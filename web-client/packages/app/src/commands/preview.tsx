// What a person should see before they agree: the order's details (S45), the delivery meant, the new terms, the outcome.

import type { CommandKind } from '@order-chat/client'
import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Fact, Facts } from '../entries/card'
import { Checklist } from '../entries/checklist'
import { Answers } from '../entries/order-cards'
import { Manifest } from '../files/manifest'
import { Moment } from '../parts/moment'
import { useRoom, useRoomState } from '../room/context'
import { paidOf } from '../status/payment'
import { consequenceText, resolutionText, termLines } from '../words/sentences'
import { useWords } from '../words/use-words'

export function Preview({ kind, delivery }: { kind: CommandKind; delivery: number | undefined }) {
  switch (kind) {
    case 'accept_order':
      return <OrderDetails />
    case 'accept_delivery':
    case 'request_revision':
      return <TheDelivery no={delivery} />
    case 'deliver_files':
    case 'deliver_external':
      return <Checklist />
    case 'accept_update':
    case 'decline_update':
    case 'withdraw_update':
      return <NewTerms />
    case 'accept_resolution':
      return <Outcome />
    default:
      return null
  }
}

function Box({ children }: { children: ReactNode }) {
  return (
    <div className="card flex flex-col gap-3 rounded-lg border border-line bg-ground px-4 py-3">
      {children}
    </div>
  )
}

function OrderDetails() {
  const { order } = useRoom()
  const state = useRoomState()
  const { w, format } = useWords()
  if (!order) return null
  const placed = state.entries.find(({ event }) => event.type === 'order.placed')?.event
  const days = placed?.type === 'order.placed' ? placed.delivery_days : undefined
  return (
    <Box>
      <Facts>
        <Fact name={w.status.listing}>{order.listing.title}</Fact>
        <Fact name={w.terms.price}>
          {format.money(order.price)} · {w.status.payments[paidOf(order).word]}
        </Fact>
        <Fact name={order.due_at ? w.status.due : w.cards.time}>
          {order.due_at ? (
            <Moment at={order.due_at} />
          ) : days === undefined ? (
            w.status.dueFrom
          ) : (
            w.cards.days(days)
          )}
        </Fact>
        <Fact name={w.status.revisions}>{format.number(order.revisions.allowed)}</Fact>
      </Facts>
      {order.requirements.form.length > 0 && (
        <Answers form={order.requirements.form} answers={order.requirements.answers} />
      )}
      {order.requirements.status === 'unanswered' && (
        <p className="text-xs text-attention">{w.dialog.answersMissing}</p>
      )}
    </Box>
  )
}

function TheDelivery({ no }: { no: number | undefined }) {
  const { order } = useRoom()
  const { w } = useWords()
  const delivery = order?.deliveries.find(one => one.no === no)
  if (!delivery) return null
  return (
    <Box>
      <p className="flex justify-between gap-3 text-sm font-medium">
        {w.cards.delivery(delivery.no)}
        <Moment at={delivery.at} as="short" className="font-normal text-ink-2" />
      </p>
      {delivery.files.length > 0 && <Manifest no={delivery.no} files={delivery.files} />}
      {(delivery.where ?? delivery.note) && (
        <p dir="auto" className="text-sm [overflow-wrap:anywhere] text-ink-2">
          {delivery.where ?? delivery.note}
        </p>
      )}
      <Checklist />
    </Box>
  )
}

function NewTerms() {
  const { order, telling } = useRoom()
  if (!order?.proposal) return null
  const { changes, consequences } = order.proposal
  const current = termLines(
    {
      ...(order.due_at ? { due_at: order.due_at } : {}),
      revisions: order.revisions.allowed,
      price: order.price.amount,
    },
    telling,
  )
  return (
    <Box>
      <Facts>
        {termLines(changes, telling).map(({ field, label, value }) => (
          <Fact key={field} name={label}>
            <span className="flex flex-wrap gap-x-2">
              <s className="text-ink-3">{current.find(line => line.field === field)?.value}</s>
              <span className="flex items-center gap-2">
                <ArrowRight size={14} strokeWidth={1.5} aria-hidden className="text-ink-3" />
                <b className="font-semibold">{value}</b>
              </span>
            </span>
          </Fact>
        ))}
      </Facts>
      {consequences.map(consequence => (
        <p key={consequence.code} className="text-xs text-ink-2">
          {consequenceText(consequence, telling)}
        </p>
      ))}
    </Box>
  )
}

function Outcome() {
  const { order, telling } = useRoom()
  const resolution = order?.case?.resolution
  if (!resolution) return null
  return (
    <Box>
      <p className="text-sm font-medium first-letter:uppercase">
        {resolutionText(resolution.option, telling)}
      </p>
    </Box>
  )
}
