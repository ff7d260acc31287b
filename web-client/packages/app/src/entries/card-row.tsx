// Which card an entry has.

import type { Entry, Event, Item } from '@order-chat/client'
import { Manifest } from '../files/manifest'
import { Moment } from '../parts/moment'
import { useRoom } from '../room/context'
import type { Outcome } from '../room/outcomes'
import { resolutionText } from '../words/sentences'
import { useWords } from '../words/use-words'
import { Card, Fact, Facts, Said } from './card'
import { Checklist } from './checklist'
import { EventRow } from './event-row'
import { iconOf } from './icons'
import { AnsweredCard, AskedCard, PlacedCard } from './order-cards'
import { ProposalCard } from './proposal-card'

type Of<T extends Event['type']> = Extract<Event, { type: T }>

export function CardRow({ item, outcome }: { item: Item; outcome?: Outcome | undefined }) {
  const { entry } = item
  const { event } = entry
  switch (event.type) {
    case 'order.placed':
      return <PlacedCard entry={entry} event={event} outcome={outcome} />
    case 'requirements.asked':
      return <AskedCard entry={entry} event={event} outcome={outcome} />
    case 'requirements.answered':
      return <AnsweredCard entry={entry} event={event} outcome={outcome} />
    case 'delivery.submitted':
      return <DeliveryCard entry={entry} event={event} outcome={outcome} />
    case 'revision.requested':
      return <RevisionCard entry={entry} event={event} />
    case 'contract.proposed':
      return <ProposalCard entry={entry} event={event} outcome={outcome} />
    case 'cancel.requested':
    case 'dispute.opened':
      return <CaseCard entry={entry} event={event} outcome={outcome} />
    case 'resolution.proposed':
      return <ResolutionCard entry={entry} event={event} outcome={outcome} />
    default:
      return <EventRow item={item} />
  }
}

interface Props<T extends Event['type']> {
  readonly entry: Entry
  readonly event: Of<T>
  readonly outcome?: Outcome | undefined
}

function DeliveryCard({ entry, event, outcome }: Props<'delivery.submitted'>) {
  const { w } = useWords()
  const how =
    event.kind === 'files'
      ? w.cards.files(event.files?.length ?? 0)
      : w.cards[event.kind === 'external' ? 'outside' : 'shipped']
  const latest = outcome?.code !== 'replaced' && outcome?.code !== 'ended'
  return (
    <Card
      entry={entry}
      icon={iconOf(event.type)}
      title={event.kind === 'shipped' ? how : `${w.cards.delivery(event.no)} · ${how}`}
      outcome={outcome}
      folds={!latest}
      offers={['accept_delivery', 'request_revision']}
    >
      {event.files && event.files.length > 0 && <Manifest no={event.no} files={event.files} />}
      {latest && <Checklist before={entry.seq} />}
      {event.note && <Said>{event.note}</Said>}
      {(event.where ?? event.carrier ?? event.tracking ?? event.eta) && (
        <Facts>
          {event.where && <Fact name={w.cards.where}>{event.where}</Fact>}
          {event.carrier && <Fact name={w.cards.carrier}>{event.carrier}</Fact>}
          {event.tracking && <Fact name={w.cards.tracking}>{event.tracking}</Fact>}
          {event.eta && (
            <Fact name={w.cards.arrives}>
              <Moment at={event.eta} />
            </Fact>
          )}
        </Facts>
      )}
    </Card>
  )
}

function RevisionCard({ entry, event }: Props<'revision.requested'>) {
  const { w } = useWords()
  return (
    <Card entry={entry} icon={iconOf(event.type)} title={w.cards.revision(event.no)} tone="attention">
      <Said>{event.text}</Said>
      {event.points && event.points.length > 0 && (
        <ul className="flex list-disc flex-col gap-1 ps-5 text-sm">
          {event.points.map((point, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: points have nothing else to be known by
            <li key={at} className="[overflow-wrap:anywhere]">
              <bdi>{point}</bdi>
            </li>
          ))}
        </ul>
      )}
      <Facts>
        <Fact name={w.status.due}>
          <Moment at={event.due_at} />
        </Fact>
        <Fact name={w.status.revisions}>{w.cards.revisionsLeft(event.remaining)}</Fact>
      </Facts>
    </Card>
  )
}

function CaseCard({ entry, event, outcome }: Props<'cancel.requested' | 'dispute.opened'>) {
  const { w } = useWords()
  const dispute = event.type === 'dispute.opened'
  return (
    <Card
      entry={entry}
      icon={iconOf(event.type)}
      title={dispute ? w.cards.dispute : w.cards.cancel}
      tone="danger"
      outcome={outcome}
      offers={dispute ? ['close_dispute'] : ['consent_cancel', 'withdraw_cancel']}
    >
      <Said>{event.reason}</Said>
    </Card>
  )
}

function ResolutionCard({ entry, event, outcome }: Props<'resolution.proposed'>) {
  const { w, format } = useWords()
  const { telling, order } = useRoom()
  const agreed = order?.case?.resolution?.id === event.resolution ? order.case.resolution.accepted_by : []
  const text = resolutionText(event.option, telling)
  return (
    <Card
      entry={entry}
      icon={iconOf(event.type)}
      title={w.cards.resolution}
      tone="agent"
      outcome={outcome}
      offers={['accept_resolution']}
    >
      <p className="text-sm font-medium text-ink first-letter:uppercase">{text}</p>
      <Facts>
        {!outcome && (
          <Fact name={w.step.proposal}>
            <Moment at={event.expires_at} />
          </Fact>
        )}
        {agreed.length > 0 && (
          <Fact name={w.outcomes.accepted.replace('{by}', '').trim()}>
            {format.list(agreed.map(side => telling[side]))}
          </Fact>
        )}
      </Facts>
    </Card>
  )
}
