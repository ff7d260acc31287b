// The fields of forms: a label, the input, and what is wrong with it, read out together.

import { type ReactNode, useId } from 'react'
import { directionOf } from './direction'

interface Frame {
  readonly label: string
  readonly problem?: string | undefined
  readonly hint?: ReactNode
  readonly children: (names: { id: string; describedBy: string; invalid: boolean }) => ReactNode
}

export function Field({ label, problem, hint, children }: Frame) {
  const id = useId()
  const told = `${id}-told`
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium text-ink">
        <bdi>{label}</bdi>
      </label>
      {children({ id, describedBy: told, invalid: problem !== undefined })}
      <div id={told} className="empty:hidden">
        {problem ? (
          <p className="text-xs text-danger">{problem}</p>
        ) : hint ? (
          <div className="text-xs text-ink-2">{hint}</div>
        ) : null}
      </div>
    </div>
  )
}

const input =
  'w-full rounded-sm border border-line-strong bg-surface px-3 text-sm text-ink outline-offset-0 pointer-coarse:text-base aria-[invalid=true]:border-danger focus-visible:outline-2 focus-visible:outline-accent'

interface Text {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly problem?: string | undefined
  readonly hint?: ReactNode
  readonly placeholder?: string
  readonly type?: 'text' | 'url' | 'date' | 'datetime-local' | 'number'
  readonly inputMode?: 'decimal' | 'numeric'
  readonly min?: string
  readonly max?: string
  readonly suffix?: string
}

export function TextField({ label, value, onChange, problem, hint, suffix, type = 'text', ...rest }: Text) {
  return (
    <Field label={label} problem={problem} hint={hint}>
      {({ id, describedBy, invalid }) => (
        <div className="relative">
          <input
            {...rest}
            id={id}
            type={type}
            dir={directionOf(value)}
            value={value}
            aria-invalid={invalid}
            aria-describedby={describedBy}
            onChange={event => onChange(event.target.value)}
            className={`${input} h-10 pointer-coarse:h-11 ${suffix ? 'pe-14' : ''}`}
          />
          {suffix && (
            <span className="pointer-events-none absolute inset-y-0 end-3 flex items-center text-sm text-ink-2">
              {suffix}
            </span>
          )}
        </div>
      )}
    </Field>
  )
}

export function TextArea({
  label,
  value,
  onChange,
  problem,
  hint,
  rows = 4,
  placeholder,
  readOnly,
}: Omit<Text, 'type'> & { rows?: number; readOnly?: boolean }) {
  return (
    <Field label={label} problem={problem} hint={hint}>
      {({ id, describedBy, invalid }) => (
        <textarea
          id={id}
          dir={directionOf(value)}
          rows={rows}
          value={value}
          readOnly={readOnly}
          placeholder={placeholder}
          aria-invalid={invalid}
          aria-describedby={describedBy}
          onChange={event => onChange(event.target.value)}
          className={`${input} min-h-20 resize-y py-2`}
        />
      )}
    </Field>
  )
}

interface Choice {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly problem?: string | undefined
}

export function Choose({ label, value, onChange, options, problem }: Choice) {
  return (
    <Field label={label} problem={problem}>
      {({ id, describedBy, invalid }) => (
        <select
          id={id}
          value={value}
          aria-invalid={invalid}
          aria-describedby={describedBy}
          onChange={event => onChange(event.target.value)}
          className={`${input} h-10 truncate ps-2 pointer-coarse:h-11`}
        >
          {options.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function Tick({
  label,
  checked,
  onChange,
  problem,
}: {
  label: string
  checked: boolean
  onChange: (on: boolean) => void
  problem?: string | undefined
}) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label className="flex min-h-9 cursor-pointer items-start gap-3 rounded-sm border border-line px-3 py-2.5 text-sm text-ink pointer-coarse:min-h-11 has-checked:border-accent has-checked:bg-accent-soft">
        <input
          type="checkbox"
          checked={checked}
          aria-invalid={problem !== undefined}
          aria-describedby={id}
          onChange={event => onChange(event.target.checked)}
          className="mt-0.5 size-4 shrink-0 accent-accent"
        />
        <bdi>{label}</bdi>
      </label>
      <p id={id} className="text-xs text-danger empty:hidden">
        {problem}
      </p>
    </div>
  )
}
