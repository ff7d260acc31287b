import type { Need } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import {
  begin,
  build,
  type Filled,
  goingBack,
  localOf,
  majorOf,
  minorOf,
  momentOf,
  nothingFilled,
  readAnswers,
  refundable,
} from '../src/commands/form'
import { inHours, snapshot } from '../src/gallery/samples'
import { plain } from '../src/parts/plain'

const need = (field: string, kind: Need['kind'], required = true, more: Partial<Need> = {}): Need => ({
  field,
  kind,
  required,
  ...more,
})
const filled = (more: Partial<Filled>): Filled => ({ ...nothingFilled, ...more })
const order = snapshot('in_progress')

describe('a form becomes a command', () => {
  it('S29, S32: no dispute without the reason and the tick', () => {
    const needs = [need('reason', 'text'), need('cx_join', 'tick')]
    const given = { kind: 'open_dispute', needs, order, seq: undefined } as const
    expect(build({ ...given, filled: nothingFilled }).problems).toEqual({
      reason: 'required',
      cx_join: 'tick',
    })
    const done = build({
      ...given,
      filled: filled({ texts: { reason: ' late ' }, ticks: { cx_join: true } }),
    })
    expect(done.command).toEqual({ type: 'open_dispute', reason: 'late', cx_join: true })
  })

  it('S27, S56: a proposal names only what it changes, and at least one', () => {
    const needs = [
      need('due_at', 'moment', false),
      need('revisions', 'number', false),
      need('price', 'amount', false),
    ]
    const first = begin('propose_update', order)
    const given = { kind: 'propose_update', needs, order, seq: undefined } as const
    expect(build({ ...given, filled: first }).problems).toEqual({ form: 'nothing_changed' })
    const changed = { ...first, texts: { ...first.texts, price: '180.50' } }
    expect(build({ ...given, filled: changed }).command).toEqual({ type: 'propose_update', price: 18_050 })
  })

  it('D8: accepting names the delivery that was seen', () => {
    const seen = snapshot('delivered', {
      deliveries: [{ no: 2, kind: 'external', files: [], where: 'there', at: inHours(-1) }],
    })
    const given = {
      kind: 'accept_delivery',
      needs: [need('delivery', 'delivery')],
      order: seen,
      seq: undefined,
      delivery: 1,
    } as const
    expect(build({ ...given, filled: nothingFilled }).command).toEqual({
      type: 'accept_delivery',
      delivery: 1,
    })
  })

  it('S12: each required question wants its answer, of its kind', () => {
    const asked = snapshot('new', {
      requirements: {
        status: 'unanswered',
        form: [
          { id: 'a', label: 'A', kind: 'number', required: true },
          { id: 'b', label: 'B', kind: 'url', required: false },
          { id: 'c', label: 'C', kind: 'text', required: true },
        ],
        answers: {},
      },
    })
    const given = {
      kind: 'submit_requirements',
      needs: [need('answers', 'answers')],
      order: asked,
      seq: undefined,
    } as const
    expect(build({ ...given, filled: filled({ answers: { a: 'x', b: 'y' } }) }).problems).toEqual({
      'answers.a': 'number',
      'answers.b': 'link',
      'answers.c': 'required',
    })
    expect(build({ ...given, filled: filled({ answers: { a: '4', c: 'so' } }) }).command).toEqual({
      type: 'submit_requirements',
      answers: { a: 4, c: 'so' },
    })
  })

  it('S45: accepting without the required answers wants to be confirmed', () => {
    const asked = snapshot('new', { requirements: { status: 'unanswered', form: [], answers: {} } })
    const given = {
      kind: 'accept_order',
      needs: [need('without_answers', 'tick', false)],
      order: asked,
      seq: undefined,
    } as const
    expect(build({ ...given, filled: nothingFilled }).problems).toEqual({ without_answers: 'tick' })
    expect(build({ ...given, order, filled: nothingFilled }).command).toEqual({ type: 'accept_order' })
  })

  it('an outcome carries what it needs', () => {
    const needs = [need('option', 'outcome'), need('reason', 'text')]
    const given = { kind: 'resolve_dispute', needs, order, seq: undefined } as const
    const half = filled({ outcome: 'partial_refund', texts: { reason: 'fair' } })
    expect(build({ ...given, filled: half }).problems).toEqual({ 'option.amount': 'number' })
    const whole = filled({ outcome: 'partial_refund', texts: { reason: 'fair', 'option.amount': '12,50' } })
    expect(build({ ...given, filled: whole }).command).toEqual({
      type: 'resolve_dispute',
      option: { kind: 'partial_refund', amount: 1250 },
      reason: 'fair',
    })
  })

  it('limits of the service are told before it refuses', () => {
    const needs = [need('revisions', 'number', false, { min: 1, max: 5 })]
    const given = { kind: 'propose_update', needs, order, seq: undefined } as const
    expect(build({ ...given, filled: filled({ texts: { revisions: '9' } }) }).problems).toEqual({
      revisions: 'range',
    })
  })
})

describe('money and moments in fields', () => {
  it('amounts are minor units, with the digits of their currency', () => {
    expect([
      minorOf('120', 'USD'),
      minorOf('120,5', 'EUR'),
      minorOf('1200', 'JPY'),
      minorOf('1.5', 'JPY'),
      minorOf('x', 'USD'),
      minorOf('-1', 'USD'),
    ]).toEqual([12_000, 12_050, 1200, undefined, undefined, undefined])
    expect([majorOf(12_000, 'USD'), majorOf(12_050, 'EUR'), majorOf(1200, 'JPY')]).toEqual([
      '120',
      '120.50',
      '1200',
    ])
  })

  it('a moment survives its field to the minute', () => {
    expect(localOf(momentOf('2026-12-01T17:05') ?? '')).toBe('2026-12-01T17:05')
    expect(momentOf('')).toBeUndefined()
  })
})

it('what is pasted loses its control characters, not its lines', () => {
  expect(plain(' a\r\nb\rc\u000bd\u2028e\tf\u0000\u001b[0m\u0007 ')).toBe('a\nb\nc\nd\ne\tf[0m')
})

describe('numbers as people write them', () => {
  it('S26: amounts in the digits and with the signs of the reader', () => {
    expect(['120.50', '120,50', '١٢٠٫٥٠', '۱۲۰٫۵'].map(text => minorOf(text, 'USD'))).toEqual(
      Array(4).fill(12_050),
    )
    expect(minorOf('1,500', 'USD')).toBeUndefined()
  })

  it('S12: answers', () => {
    const form = [{ id: 'n', label: 'How many?', kind: 'number', required: true }] as const
    const read = (n: string) => readAnswers(form, { n })
    expect(['3', '٣', '2,5', '-1', '1٬200', '0,125', '.5'].map(text => read(text).value)).toEqual(
      [3, 3, 2.5, -1, 1200, 0.125, 0.5].map(n => ({ n })),
    )
    for (const text of ['1,500', '100,500', '١,٢٣٤', '0x10', '1e3', 'three'])
      expect(read(text).more).toEqual({ 'answers.n': 'number' })
  })
})

it('S39, S57: what can go back is what was paid and is not given back or promised', () => {
  const { payment } = order
  const paid = { ...payment, held: 15_000, released: 0, refund_due: 1000, payout_due: 14_000 }
  expect(refundable({ ...order, payment: paid })).toBe(14_000)
  expect(begin('approve_cancel', { ...order, payment: paid }).texts.refund).toBe('140')
})

it('S39: all goes back by ending the order, a part is less', () => {
  const payment = { ...order.payment, held: 11_000, released: 0, refund_due: 0 }
  const given = (state: typeof order.state) => ({ ...order, state, payment })
  expect(goingBack(given('in_progress'), 'partial_refund')).toEqual({ min: 1, max: 10_999 })
  expect(goingBack(given('in_progress'), 'cancel')).toEqual({ min: 0, max: 11_000 })
  expect(goingBack(given('completed'), 'partial_refund')).toEqual({ min: 1, max: 11_000 })
  expect(goingBack(given('completed'), 'cancel')).toEqual({ min: 11_000, max: 11_000 })
  const needs = [need('option', 'outcome')]
  const filled110 = filled({ outcome: 'partial_refund', texts: { 'option.amount': '110' } })
  const asked = { kind: 'propose_resolution', needs, order: given('in_progress'), seq: undefined } as const
  expect(build({ ...asked, filled: filled110 }).problems).toEqual({ 'option.amount': 'range' })
})

it('S12: an answer that is a file stays the file when another answer is corrected', () => {
  const file = { id: 'f', name: 'logo.png', size: 1, sha256: '', type: 'image/png' }
  const form = [
    { id: 'logo', label: 'Logo', kind: 'file', required: true },
    { id: 'n', label: 'How many', kind: 'number', required: true },
  ] as const
  const requirements = { ...order.requirements, form: [...form], answers: { logo: file, n: 3 } }
  const answered = { ...order, requirements }
  expect(begin('submit_requirements', answered).answers).toEqual({ logo: 'f', n: '3' })
  const again = (answers: Record<string, string>) =>
    build({
      kind: 'submit_requirements',
      needs: [need('answers', 'answers')],
      order: answered,
      seq: undefined,
      filled: filled({ answers }),
    })
  expect(again({ logo: 'f', n: '3' }).problems).toEqual({ form: 'same_answers' })
  expect(again({ logo: 'g', n: '3' }).command).toBeDefined()
})
