// From what a person filled in to a command: pure, and the same for every command, since the service says what each
// needs. What is missing or wrong is named by field.

import type {
  Command,
  CommandKind,
  FileRef,
  Need,
  OrderSnapshot,
  Question,
  Resolution,
} from '@order-chat/client'
import { asFile } from '../files/kinds'
import { plain } from '../parts/plain'
import { isOver } from '../status/stages'
import { digitsOf } from '../words/format'

/** What stands in the fields: text as it was typed. */
export interface Filled {
  readonly texts: Readonly<Record<string, string>>
  readonly ticks: Readonly<Record<string, boolean>>
  readonly points: readonly string[]
  readonly files: readonly FileRef[]
  readonly answers: Readonly<Record<string, string>>
  readonly outcome: Resolution['kind'] | ''
}

export const nothingFilled: Filled = {
  texts: {},
  ticks: {},
  points: [''],
  files: [],
  answers: {},
  outcome: '',
}

export type Problem =
  | 'required'
  | 'tick'
  | 'nothing_changed'
  | 'same_answers'
  | 'files'
  | 'number'
  | 'range'
  | 'link'

export interface Built {
  readonly command?: Command
  readonly problems: Readonly<Record<string, Problem>>
}

interface Given {
  readonly kind: CommandKind
  readonly needs: readonly Need[]
  readonly order: OrderSnapshot | undefined
  readonly seq: number | undefined
  /** The delivery that was looked at: a newer one is not meant. */
  readonly delivery?: number | undefined
  readonly filled: Filled
}

/** The values that the fields begin with: the terms as they are. */
export function begin(
  kind: CommandKind,
  order: OrderSnapshot | undefined,
  first: Partial<Filled> = {},
): Filled {
  const texts: Record<string, string> = {}
  if (order && kind === 'propose_update') {
    if (order.due_at) texts.due_at = localOf(order.due_at)
    texts.revisions = String(order.revisions.allowed)
    texts.price = majorOf(order.price.amount, order.price.currency)
  }
  if (order && kind === 'approve_cancel') texts.refund = majorOf(refundable(order), order.price.currency)
  return { ...nothingFilled, texts, answers: given(order), ...first }
}

/** What was answered so far, as it stands in fields. */
function given(order: OrderSnapshot | undefined): Record<string, string> {
  const answers = Object.entries(order?.requirements.answers ?? {})
  return Object.fromEntries(answers.map(([id, answer]) => [id, asFile(answer)?.id ?? String(answer)]))
}

/** Minor units that could go back to the buyer and are not promised to them yet. */
export function refundable({ payment }: OrderSnapshot): number {
  return payment.held + payment.released - payment.refund_due
}

export function build({ kind, needs, order, seq, delivery, filled }: Given): Built {
  const fields: Record<string, unknown> = {}
  const problems: Record<string, Problem> = {}
  for (const need of needs) {
    const read: ReadNeed = need.kind === 'delivery' ? { value: delivery } : readNeed(need, order, seq, filled)
    if (read.problem) problems[need.field] = read.problem
    else if (read.value !== undefined) fields[need.field] = read.value
    Object.assign(problems, read.more)
  }
  if (kind === 'propose_update') onlyChanges(fields, problems, order)
  if (kind === 'submit_requirements' && repeats(fields.answers, order)) problems.form = 'same_answers'
  if (Object.keys(problems).length > 0) return { problems }
  return { command: { type: kind, ...fields } as Command, problems }
}

interface ReadNeed {
  readonly value?: unknown
  readonly problem?: Problem
  readonly more?: Record<string, Problem>
}

function readNeed(
  need: Need,
  order: OrderSnapshot | undefined,
  seq: number | undefined,
  filled: Filled,
): ReadNeed {
  const text = plain(filled.texts[need.field] ?? '')
  switch (need.kind) {
    case 'proposal':
      return { value: order?.proposal?.id }
    case 'resolution':
      return { value: order?.case?.resolution?.id }
    case 'entry':
      return { value: seq }
    case 'tick':
      if (need.field === 'cx_join') return filled.ticks.cx_join ? { value: true } : { problem: 'tick' }
      if (filled.ticks[need.field]) return { value: true }
      return need.field === 'without_answers' && order?.requirements.status === 'unanswered'
        ? { problem: 'tick' }
        : {}
    case 'files':
      if (filled.files.length === 0) return need.required ? { problem: 'files' } : {}
      return { value: filled.files.map(({ id }) => id) }
    case 'texts': {
      const points = filled.points.map(plain).filter(Boolean)
      return points.length > 0 ? { value: points } : {}
    }
    case 'answers':
      return readAnswers(order?.requirements.form ?? [], filled.answers)
    case 'outcome':
      return readOutcome(order, filled)
    default:
      return text === '' ? (need.required ? { problem: 'required' } : {}) : readText(need, text, order)
  }
}

function readText(need: Need, text: string, order: OrderSnapshot | undefined): ReadNeed {
  if (need.kind === 'text' || need.kind === 'user') return { value: text }
  const value =
    need.kind === 'moment'
      ? momentOf(text)
      : need.kind === 'amount'
        ? minorOf(text, order?.price.currency ?? 'USD')
        : wholeOf(text)
  if (value === undefined) return { problem: 'number' }
  const low = need.min !== undefined && compare(value, need.min) < 0
  const high = need.max !== undefined && compare(value, need.max) > 0
  return low || high ? { problem: 'range' } : { value }
}

function compare(value: number | string, limit: number | string): number {
  return typeof value === 'string' || typeof limit === 'string'
    ? Date.parse(String(value)) - Date.parse(String(limit))
    : value - limit
}

export function readAnswers(form: readonly Question[], answers: Filled['answers']): ReadNeed {
  const value: Record<string, unknown> = {}
  const more: Record<string, Problem> = {}
  for (const { id, kind, required } of form) {
    const text = plain(answers[id] ?? '')
    if (text === '') {
      if (required) more[`answers.${id}`] = 'required'
    } else if (kind === 'number') {
      const number = numberOf(text)
      if (number === undefined) more[`answers.${id}`] = 'number'
      else value[id] = number
    } else if (kind === 'url' && !/^https?:\/\/\S+\.\S+/.test(text)) more[`answers.${id}`] = 'link'
    else value[id] = text
  }
  return { value, more }
}

function readOutcome(order: OrderSnapshot | undefined, { outcome, texts }: Filled): ReadNeed {
  const currency = order?.price.currency ?? 'USD'
  if (outcome === '') return { problem: 'required' }
  if (outcome === 'extend') {
    const due_at = momentOf(texts['option.due_at'] ?? '')
    return due_at ? { value: { kind: outcome, due_at } } : { more: { 'option.due_at': 'required' } }
  }
  if (outcome === 'partial_refund' || outcome === 'cancel') {
    const name = outcome === 'cancel' ? 'refund' : 'amount'
    const amount = minorOf(texts[`option.${name}`] ?? '', currency)
    if (amount === undefined) return { more: { [`option.${name}`]: 'number' } }
    const { min, max } = goingBack(order, outcome)
    if (amount < min || amount > max) return { more: { [`option.${name}`]: 'range' } }
    return { value: { kind: outcome, [name]: amount } }
  }
  return { value: { kind: outcome } }
}

/** In minor units: all goes back by the end of the order, a part is less; after the end all may be a part. */
export function goingBack(
  order: OrderSnapshot | undefined,
  outcome: 'partial_refund' | 'cancel',
): { min: number; max: number } {
  const all = order ? refundable(order) : 0
  const over = order !== undefined && isOver(order.state)
  if (outcome === 'cancel') return { min: over ? all : 0, max: all }
  return { min: 1, max: over ? all : all - 1 }
}

/** All is as it was answered before. */
function repeats(answers: unknown, order: OrderSnapshot | undefined): boolean {
  const [old, now] = [given(order), Object.entries(answers ?? {})]
  return (
    now.length > 0 &&
    now.length === Object.keys(old).length &&
    now.every(([id, answer]) => old[id] === String(answer))
  )
}

/** A proposal names only what it changes. */
function onlyChanges(
  fields: Record<string, unknown>,
  problems: Record<string, Problem>,
  order: OrderSnapshot | undefined,
): void {
  if (!order) return
  if (order.due_at && fields.due_at && localOf(order.due_at) === localOf(fields.due_at as string))
    delete fields.due_at
  if (fields.revisions === order.revisions.allowed) delete fields.revisions
  if (fields.price === order.price.amount) delete fields.price
  if (Object.keys(fields).length === 0 && Object.keys(problems).length === 0)
    problems.form = 'nothing_changed'
}

/** “120.50”, “120,50” or “١٢٠٫٥٠” as minor units. */
export function minorOf(text: string, currency: string): number | undefined {
  const number = latin(text)
  if (!/^\d+(\.\d+)?$/.test(number)) return undefined
  const digits = digitsOf(currency)
  if ((number.split('.')[1]?.length ?? 0) > digits) return undefined
  return Math.round(Number(number) * 10 ** digits)
}

function numberOf(text: string): number | undefined {
  // Thousands to some and a fraction to others: nobody guesses.
  if (/^-?[1-9١-٩۱-۹][\d٠-٩۰-۹]{0,2},[\d٠-٩۰-۹]{3}$/.test(text)) return undefined
  const number = latin(text)
  return /^-?(\d+(\.\d+)?|\.\d+)$/.test(number) ? Number(number) : undefined
}

/** Digits of Arabic and Persian as those that a program reads, with a point before the fraction. */
function latin(text: string): string {
  return text
    .replace(/[٠-٩۰-۹]/g, digit => String(digit.charCodeAt(0) & 15))
    .replace(/[\s٬]/g, '')
    .replace(/[,٫]/, '.')
}

export function majorOf(amount: number, currency: string): string {
  const digits = digitsOf(currency)
  const text = (amount / 10 ** digits).toFixed(digits)
  return text.replace(/\.0+$/, '')
}

function wholeOf(text: string): number | undefined {
  const number = latin(text)
  return /^\d+$/.test(number) ? Number(number) : undefined
}

/** What a datetime-local field holds, as a moment. */
export function momentOf(text: string): string | undefined {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** A moment as a datetime-local field holds it: to the minute, in the reader's zone. */
export function localOf(moment: string): string {
  const at = new Date(moment)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}
