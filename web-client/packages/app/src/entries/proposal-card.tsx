// A contract update: each term as it is and as it would be, and what else that brings about (D12).

import type { Entry, Event } from '@order-chat/client'
import { ArrowRight } from 'lucide-react'
import { Moment } from '../parts/moment'
import { useRoom } from '../room/context'
import type { Outcome } from '../room/outcomes'
import { consequenceText, termLines } from '../words/sentences'
import { useWords } from '../words/use-words'
import { Card, Fact, Facts } from './card'
import { iconOf } from './icons'

interface Props {
  readonly entry: Entry
  readonly event: Extract<Event, { type: 'contract.proposed' }>
  readonly outcome?: Outcome | undefined
}

export function ProposalCard({ entry, event, outcome }: Props) {
  const { w } = useWords()
  const { telling } = useRoom()
  const current = termLines(event.current, telling)
  return (
    <Card
      entry={entry}
      icon={iconOf(event.type)}
      title={w.cards.terms}
      outcome={outcome}
      offers={['accept_update', 'decline_update', 'withdraw_update']}
    >
      <table className="w-full text-sm">
        <thead className="sr-only">
          <tr>
            <th>{w.cards.terms}</th>
            <th>{w.cards.before}</th>
            <th>{w.cards.after}</th>
          </tr>
        </thead>
        <tbody>
          {termLines(event.changes, telling).map(({ field, label, value }) => (
            <tr key={field} className="border-b border-line last:border-0">
              <th scope="row" className="py-1.5 pe-3 text-start font-normal whitespace-nowrap text-ink-2">
                {label}
              </th>
              <td className="py-1.5 pe-2 text-ink-2">{current.find(line => line.field === field)?.value}</td>
              <td className="py-1.5 font-semibold text-ink">
                <span className="flex items-center gap-2">
                  <ArrowRight size={14} strokeWidth={1.5} aria-hidden className="text-ink-3" />
                  {value}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {event.consequences.length > 0 && (
        <ul className="flex flex-col gap-1 text-xs text-ink-2">
          {event.consequences.map(consequence => (
            <li key={consequence.code}>{consequenceText(consequence, telling)}</li>
          ))}
        </ul>
      )}
      {!outcome && (
        <Facts>
          <Fact name={w.step.proposal}>
            <Moment at={event.expires_at} />
          </Fact>
        </Facts>
      )}
    </Card>
  )
}
