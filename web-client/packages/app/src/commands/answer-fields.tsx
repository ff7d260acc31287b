// The seller's form: one field for each question, by its kind (S12, S43).

import type { Question } from '@order-chat/client'
import { Files } from '../files/file-list'
import { asFile } from '../files/kinds'
import { Choose, TextArea, TextField } from '../parts/field'
import { useRoom } from '../room/context'
import { useUploads } from '../uploads/use-uploads'
import { useWords } from '../words/use-words'
import { listOf } from './attached'
import { FileField } from './file-field'
import type { Filled, Problem } from './form'
import { useProblemText } from './problem-text'

interface Props {
  readonly filled: Filled
  readonly onChange: (filled: Filled) => void
  readonly problems: Readonly<Record<string, Problem>>
}

export function AnswerFields({ filled, onChange, problems }: Props) {
  const { order } = useRoom()
  const problemText = useProblemText()
  return (order?.requirements.form ?? []).map(question => (
    <Answer
      key={question.id}
      question={question}
      value={filled.answers[question.id] ?? ''}
      problem={problemText(problems[`answers.${question.id}`])}
      onChange={value => onChange({ ...filled, answers: { ...filled.answers, [question.id]: value } })}
    />
  ))
}

interface One {
  readonly question: Question
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (value: string) => void
}

function Answer({ question, value, problem, onChange }: One) {
  const { w } = useWords()
  const label = question.required ? question.label : `${question.label} ${w.dialog.optional}`
  const common = { label, value, problem, onChange }
  switch (question.kind) {
    case 'long_text':
      return <TextArea {...common} />
    case 'choice':
      return (
        <Choose
          {...common}
          options={[
            { value: '', label: w.dialog.choose },
            ...(question.options ?? []).map(option => ({ value: option, label: option })),
          ]}
        />
      )
    case 'date':
      return <TextField {...common} type="date" />
    case 'number':
      return <TextField {...common} inputMode="decimal" />
    case 'url':
      return <TextField {...common} type="url" placeholder="https://" />
    case 'file':
      return <FileAnswer id={question.id} label={label} problem={problem} />
    default:
      return <TextField {...common} />
  }
}

/** Its value is what stands in the list, else what was given before. */
function FileAnswer({ id, label, problem }: { id: string; label: string; problem: string | undefined }) {
  const { room, order } = useRoom()
  const uploads = useUploads(room.order, listOf('submit_requirements', id))
  const given = asFile(order?.requirements.answers[id])
  return (
    <div>
      <FileField label={label} uploads={uploads} problem={problem} one />
      {given && uploads.all.length === 0 && <Files files={[given]} pictures={false} />}
    </div>
  )
}
