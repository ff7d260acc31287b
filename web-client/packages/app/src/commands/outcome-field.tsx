// How a case can end: one of six, and what that one needs.

import type { Resolution } from '@order-chat/client'
import { TextField } from '../parts/field'
import { useRoom } from '../room/context'
import { isOver } from '../status/stages'
import { useWords } from '../words/use-words'
import { type Filled, goingBack, type Problem } from './form'
import { useProblemText } from './problem-text'

const ALL: readonly Resolution['kind'][] = [
  'resume',
  'extend',
  'extra_revision',
  'partial_refund',
  'cancel',
  'complete',
]
/** After the end of an order. */
const AFTER: readonly Resolution['kind'][] = ['partial_refund', 'cancel', 'complete']

interface Props {
  readonly filled: Filled
  readonly onChange: (filled: Filled) => void
  readonly problems: Readonly<Record<string, Problem>>
}

export function OutcomeField({ filled, onChange, problems }: Props) {
  const { w, format, fill } = useWords()
  const { order } = useRoom()
  const problemText = useProblemText()
  const ended = order && isOver(order.state)
  const part = goingBack(order, 'partial_refund')
  // Of what is paid between the two of them nothing is held here.
  const possible = (ended ? AFTER : ALL).filter(kind => kind !== 'partial_refund' || part.min <= part.max)
  const text = (name: string, range?: { min: number; max: number }) => ({
    value: filled.texts[name] ?? '',
    problem: problemText(problems[name], range && { field: name, kind: 'amount', required: true, ...range }),
    onChange: (value: string) => onChange({ ...filled, texts: { ...filled.texts, [name]: value } }),
  })
  const amount = (name: string, range: { min: number; max: number }) => ({
    ...text(name, range),
    inputMode: 'decimal' as const,
    suffix: order?.price.currency ?? '',
    hint: fill(w.dialog.refundable, {
      amount: format.money({ amount: range.max, currency: order?.price.currency ?? 'USD' }),
    }),
  })
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 text-sm font-medium">{w.fields.option}</legend>
      {possible.map(kind => (
        <div key={kind} className="flex flex-col gap-2">
          <label className="flex min-h-9 cursor-pointer items-center gap-3 rounded-sm border border-line px-3 py-2 text-sm has-checked:border-accent has-checked:bg-accent-soft pointer-coarse:min-h-11">
            <input
              type="radio"
              name="outcome"
              checked={filled.outcome === kind}
              onChange={() => onChange({ ...filled, outcome: kind })}
              className="size-4 accent-accent"
            />
            {w.outcomeChoices[kind]}
          </label>
          {filled.outcome === kind && kind === 'extend' && (
            <TextField type="datetime-local" label={w.fields.due_at ?? ''} {...text('option.due_at')} />
          )}
          {filled.outcome === kind && kind === 'partial_refund' && (
            <TextField label={w.fields.amount ?? ''} {...amount('option.amount', part)} />
          )}
          {filled.outcome === kind && kind === 'cancel' && (
            <TextField label={w.fields.refund ?? ''} {...amount('option.refund', goingBack(order, kind))} />
          )}
        </div>
      ))}
      {problems.option && (
        <p role="alert" className="text-xs text-danger">
          {w.dialog.choose}
        </p>
      )}
    </fieldset>
  )
}
