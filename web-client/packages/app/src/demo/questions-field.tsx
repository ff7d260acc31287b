// What a seller of the demo asks, and what an answer looks like: every kind that there is.

import type { Question, QuestionKind } from '@order-chat/client'
import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../parts/button'
import { directionOf } from '../parts/direction'
import { useWords } from '../words/use-words'

export interface DraftQuestion {
  readonly label: string
  readonly kind: QuestionKind
  /** What can be chosen, as it is typed. */
  readonly options: string
}

const KINDS: readonly QuestionKind[] = ['text', 'long_text', 'choice', 'date', 'number', 'url', 'file']
const line =
  'h-10 rounded-sm border border-line-strong bg-surface px-3 text-sm pointer-coarse:h-11 pointer-coarse:text-base'

export function QuestionsField({
  questions,
  onChange,
}: {
  questions: readonly DraftQuestion[]
  onChange: (questions: readonly DraftQuestion[]) => void
}) {
  const { w } = useWords()
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{w.demo.questions}</legend>
      {questions.map((question, at) => {
        const name = `${w.demo.question} ${at + 1}`
        const change = (part: Partial<DraftQuestion>) =>
          onChange(questions.map((one, i) => (i === at ? { ...one, ...part } : one)))
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: questions have nothing else to be known by
          <div key={at} className="flex items-start gap-1">
            <div className="flex min-w-0 grow flex-wrap gap-1">
              <input
                dir={directionOf(question.label)}
                value={question.label}
                aria-label={name}
                onChange={event => change({ label: event.target.value })}
                className={`${line} min-w-0 flex-[1_1_12rem]`}
              />
              <select
                value={question.kind}
                aria-label={`${name}: ${w.demo.answer}`}
                onChange={event => change({ kind: event.target.value as QuestionKind })}
                className={`${line} ps-2`}
              >
                {KINDS.map(kind => (
                  <option key={kind} value={kind}>
                    {w.demo.answers[kind]}
                  </option>
                ))}
              </select>
              {question.kind === 'choice' && (
                <input
                  dir={directionOf(question.options)}
                  value={question.options}
                  aria-label={`${name}: ${w.demo.options}`}
                  placeholder={w.demo.options}
                  onChange={event => change({ options: event.target.value })}
                  className={`${line} w-full`}
                />
              )}
            </div>
            <IconButton
              icon={X}
              label={w.demo.removeQuestion}
              onPress={() => onChange(questions.filter((_, i) => i !== at))}
            />
          </div>
        )
      })}
      <Button
        small
        look="quiet"
        icon={Plus}
        className="self-start"
        onPress={() => onChange([...questions, { label: '', kind: 'text', options: '' }])}
      >
        {w.demo.addQuestion}
      </Button>
    </fieldset>
  )
}

/** The seller's form: what was asked in words. */
export function formOf(questions: readonly DraftQuestion[]): Question[] {
  return questions
    .filter(({ label }) => label.trim() !== '')
    .map(({ label, kind, options }, at) => ({
      id: `q${at + 1}`,
      label: label.trim(),
      kind,
      required: true,
      ...(kind === 'choice' ? { options: choicesOf(options) } : {}),
    }))
}

function choicesOf(options: string): string[] {
  return [...new Set(options.split(/[,،]/).map(one => one.trim()))].filter(Boolean)
}
