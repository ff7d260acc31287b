import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { snapshot } from '../src/gallery/samples'
import { en } from '../src/words/en'
import { Format } from '../src/words/format'
import { eventText, promptText, resolutionText, tellingOf, termsText } from '../src/words/sentences'

const telling = tellingOf(en, new Format('en', en), snapshot('new'), 'seller')

// Paths from the package's folder, where its tests run.

describe('what the chatbot says', () => {
  it('S10, D4: every line of the lifecycle has its sentence', () => {
    const table = readFileSync('../../../docs/LIFECYCLE.md', 'utf8')
    const codes = [...table.matchAll(/`([a-z_]+)` [A-Z{]/g)].map(([, code]) => code ?? '')
    expect(codes.length).toBeGreaterThan(60)
    expect(codes.filter(code => !(code in en.prompts))).toEqual([])
  })

  it('every sentence names only what it is given', () => {
    const guide = readFileSync('../../../crates/order-domain/src/guide.rs', 'utf8')
    const table = readFileSync('../../../crates/order-domain/src/lifecycle.rs', 'utf8')
    const lines = [...`${guide}${table}`.matchAll(/(?:step|line)\(\s*"(\w+)",\s*"((?:[^"\\]|\\.)*)"/g)]
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    const ours = new Set(['buyer', 'seller', 'other'])
    for (const [, code = '', english = ''] of lines) {
      const text = (en.prompts as Record<string, string>)[code]
      expect(text, code).toBeDefined()
      expect(
        names(text ?? '').filter(name => !ours.has(name) && !names(english).includes(name)),
        code,
      ).toEqual([])
    }
    expect(lines.length).toBeGreaterThan(80)
  })

  it('names stand in place of roles, amounts with their currency', () => {
    const params = { amount: { amount: 1250, currency: 'EUR' } }
    expect(promptText({ code: 'payment_confirmed_seller', params, actions: [] }, telling)).toBe(
      'The payment of €12.50 from Buyer arrived.',
    )
    expect(promptText({ code: 'resolution_wait', params: {}, actions: [] }, telling)).toBe(
      'You agreed. The proposal waits for Buyer.',
    )
  })

  it('a code of a later version is shown as it is, not as nothing', () => {
    expect(promptText({ code: 'step_something_new', params: {}, actions: [] }, telling)).toBe(
      'step something new',
    )
  })

  it('terms and outcomes are told in order', () => {
    expect(termsText({ revisions: 3, price: 18_000 }, telling)).toBe('Revisions 3 and Price $180')
    expect(resolutionText({ kind: 'cancel', refund: 500 }, telling)).toBe('the order ends, $5 goes back')
  })

  it('L8: who accepts without the answers names no date: the clock waits for them', () => {
    const accepted = { type: 'order.accepted', due_at: '2026-12-04T10:00:00Z' } as const
    const text = (without_answers: boolean) =>
      eventText({ ...accepted, without_answers }, { role: 'seller', name: 'Seller' }, telling)
    expect(text(false)).toMatch(/^Seller accepted the order, due .*Dec 4/)
    expect(text(true)).toBe('Seller accepted the order: its time begins with the answers')
  })

  it('an event of a later version is a plain line', () => {
    expect(eventText({ type: 'x.y' } as never, { role: 'host' }, telling)).toBe(en.room.unknown)
  })
})
