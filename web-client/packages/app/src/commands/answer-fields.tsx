// The seller's form: one field for each question, by its kind (S12, S43).

import type { Question } from '@order-chat/client'
import { useEffect } from 'react'
import { Choose, TextArea, TextField } from '../parts/field'
import { useRoom } from '../room/context'
import { useUploads } from '../uploads/use-uploads'
import { useWords } from '../words/use-words'
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

function Answer(props: One) {
  const { question, value, problem, onChange } = props
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
      return <FileAnswer {...props} />
    default:
      return <TextField {...common} />
  }
}

function FileAnswer({ question, value, problem, onChange }: One) {
  const { room } = useRoom()
  const uploads = useUploads(room.order, `submit_requirements/${question.id}`)
  const id = uploads.files.at(-1)?.id
  useEffect(() => {
    if (id && id !== value) onChange(id)
  }, [id, value, onChange])
  return <FileField label={question.label} uploads={uploads} problem={problem} one />
}
