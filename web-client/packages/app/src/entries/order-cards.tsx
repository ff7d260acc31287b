// The purchase, and the seller's form with the buyer's answers.

import type { Entry, Event, Question } from '@order-chat/client'
import { ClipboardCheck } from 'lucide-react'
import { Files } from '../files/file-list'
import { asFile } from '../files/kinds'
import { Moment } from '../parts/moment'
import { Tag } from '../parts/tag'
import { useRoom, useRoomState } from '../room/context'
import type { Outcome } from '../room/outcomes'
import { namesIn } from '../words/sentences'
import { useWords } from '../words/use-words'
import { Card, Fact, Facts } from './card'
import { iconOf } from './icons'

type Of<T extends Event['type']> = Extract<Event, { type: T }>

interface Props<T extends Event['type']> {
  readonly entry: Entry
  readonly event: Of<T>
  readonly outcome?: Outcome | undefined
}

export function PlacedCard({ entry, event, outcome }: Props<'order.placed'>) {
  const { w, format } = useWords()
  const unpaid = useRoom().order?.payment.status === 'unpaid'
  return (
    <Card
      entry={entry}
      icon={iconOf(event.type)}
      title={event.listing.title}
      outcome={outcome}
      folds={false}
      offers={['accept_order', 'decline_order']}
    >
      <Facts>
        <Fact name={w.terms.price}>
          {format.money(event.price)}
          {event.paid ? ` · ${w.status.payments.paid}` : unpaid && ` · ${w.cards.notPaid}`}
        </Fact>
        <Fact name={event.due_at ? w.status.due : w.cards.time}>
          {event.due_at ? <Moment at={event.due_at} /> : w.cards.days(event.delivery_days ?? 0)}
        </Fact>
        <Fact name={w.status.revisions}>{format.number(event.revisions)}</Fact>
        {event.reference && <Fact name={w.status.reference}>{event.reference}</Fact>}
      </Facts>
      {event.answers && Object.keys(event.answers).length > 0 && (
        <Answers form={event.requirements ?? []} answers={event.answers} />
      )}
    </Card>
  )
}

export function AskedCard({ entry, event, outcome }: Props<'requirements.asked'>) {
  const { w, fill } = useWords()
  const { telling, order } = useRoom()
  const form = order?.requirements.form ?? []
  const asked = event.questions.map(id => form.find(question => question.id === id)?.label ?? id)
  return (
    <Card
      entry={entry}
      icon={iconOf(event.type)}
      title={telling.mine === 'seller' ? w.cards.ownQuestions : fill(w.cards.questions, namesIn(telling))}
      tone="attention"
      outcome={outcome}
      offers={['submit_requirements']}
    >
      <ol className="flex list-decimal flex-col gap-1 ps-5 text-sm text-ink">
        {asked.map(label => (
          <li key={label}>
            <bdi>{label}</bdi>
          </li>
        ))}
      </ol>
    </Card>
  )
}

export function AnsweredCard({ entry, event, outcome }: Props<'requirements.answered'>) {
  const { w, fill } = useWords()
  const { telling, order } = useRoom()
  // Those of the purchase count too.
  const before = useRoomState().entries.flatMap(({ seq, event }) =>
    seq < entry.seq && 'answers' in event ? [event.answers] : [],
  )
  return (
    <Card
      entry={entry}
      icon={ClipboardCheck}
      title={fill(w.cards.questionsAnswered, namesIn(telling))}
      tone="positive"
      outcome={outcome}
    >
      <Answers form={order?.requirements.form ?? []} answers={event.answers} before={before.at(-1)} />
    </Card>
  )
}

interface AnswersProps {
  readonly form: readonly Question[]
  readonly answers: Record<string, unknown>
  /** Those that these took the place of: what differs is marked. */
  readonly before?: Record<string, unknown> | undefined
}

export function Answers({ form, answers, before }: AnswersProps) {
  const { w } = useWords()
  const ids = [...new Set([...form.map(({ id }) => id), ...Object.keys(answers)])]
  return (
    <dl className="flex flex-col gap-2">
      {ids.map(id => {
        const question = form.find(one => one.id === id)
        return (
          <div key={id} className="flex flex-col text-sm">
            <dt dir="auto" className="text-xs text-ink-2">
              {question?.label ?? id}{' '}
              {before && JSON.stringify(before[id]) !== JSON.stringify(answers[id]) && (
                <Tag tone="attention">{w.files.changes.changed}</Tag>
              )}
            </dt>
            <dd
              dir="auto"
              className={`whitespace-pre-wrap [overflow-wrap:anywhere] ${id in answers ? 'text-ink' : 'text-ink-3'}`}
            >
              {id in answers ? <Answer answer={answers[id]} question={question} /> : w.cards.noAnswer}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function Answer({ answer, question }: { answer: unknown; question: Question | undefined }) {
  const { format } = useWords()
  const file = asFile(answer)
  if (file) return <Files files={[file]} pictures={false} />
  if (typeof answer === 'number') return format.number(answer)
  return question?.kind === 'date' ? format.date(String(answer)) : String(answer)
}
