// One field for each thing a command needs.

import type { CommandKind, Need } from '@order-chat/client'
import { TextArea, TextField, Tick } from '../parts/field'
import { useRoom } from '../room/context'
import type { Uploads } from '../uploads/use-uploads'
import { useWords } from '../words/use-words'
import { AgentField } from './agent-field'
import { AnswerFields } from './answer-fields'
import { FileField } from './file-field'
import { type Filled, localOf, type Problem } from './form'
import { OutcomeField } from './outcome-field'
import { PointsField } from './points-field'
import { useProblemText } from './problem-text'

interface Props {
  readonly kind: CommandKind
  readonly needs: readonly Need[]
  readonly filled: Filled
  readonly onChange: (filled: Filled) => void
  readonly uploads: Uploads
  readonly problems: Readonly<Record<string, Problem>>
}

export function Fields(props: Props) {
  const { problems } = props
  const problemText = useProblemText()
  return (
    <>
      {props.needs.map(need => (
        <OneField key={need.field} need={need} {...props} />
      ))}
      {problems.form && (
        <p role="alert" className="text-sm text-danger">
          {problemText(problems.form)}
        </p>
      )}
    </>
  )
}

function OneField({ need, kind, filled, onChange, uploads, problems }: Props & { need: Need }) {
  const { w, format, fill } = useWords()
  const { order } = useRoom()
  const problemText = useProblemText()
  const label = w.fields[`${kind}.${need.field}`] ?? w.fields[need.field] ?? need.field
  const value = filled.texts[need.field] ?? ''
  const problem = problemText(problems[need.field], need)
  const set = (text: string) => onChange({ ...filled, texts: { ...filled.texts, [need.field]: text } })
  const common = { label, value, problem, onChange: set }
  switch (need.kind) {
    case 'text':
      return need.field === 'carrier' || need.field === 'tracking' ? (
        <TextField {...common} />
      ) : (
        <TextArea {...common} rows={need.field === 'note' ? 2 : 4} />
      )
    case 'user':
      return <AgentField {...common} />
    case 'number':
      return (
        <TextField
          {...common}
          inputMode="numeric"
          hint={
            order && need.field === 'revisions'
              ? fill(w.dialog.current, { value: format.number(order.revisions.allowed) })
              : undefined
          }
        />
      )
    case 'amount':
      return (
        <TextField
          {...common}
          inputMode="decimal"
          suffix={order?.price.currency ?? ''}
          hint={
            order && need.field === 'price'
              ? fill(w.dialog.current, { value: format.money(order.price) })
              : undefined
          }
        />
      )
    case 'moment':
      return (
        <TextField
          {...common}
          type="datetime-local"
          {...(need.min === undefined ? {} : { min: localOf(String(need.min)) })}
          {...(need.max === undefined ? {} : { max: localOf(String(need.max)) })}
          hint={
            order?.due_at && need.field !== 'eta'
              ? fill(w.dialog.current, { value: format.moment(order.due_at) })
              : undefined
          }
        />
      )
    case 'tick': {
      if (need.field === 'without_answers' && order?.requirements.status !== 'unanswered') return null
      const checked = filled.ticks[need.field] ?? false
      return (
        <Tick
          label={label}
          checked={checked}
          problem={problem}
          onChange={on => onChange({ ...filled, ticks: { ...filled.ticks, [need.field]: on } })}
        />
      )
    }
    case 'files':
      return <FileField uploads={uploads} problem={problem} />
    case 'texts':
      return <PointsField points={filled.points} onChange={points => onChange({ ...filled, points })} />
    case 'answers':
      return <AnswerFields filled={filled} onChange={onChange} problems={problems} />
    case 'outcome':
      return <OutcomeField filled={filled} onChange={onChange} problems={problems} />
    default:
      return null
  }
}
