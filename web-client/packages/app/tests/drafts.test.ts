// @vitest-environment happy-dom

import { beforeEach, describe, expect, it } from 'vitest'
import { Drafts, noDraft } from '../src/room/drafts'

const refuses = () => {
  throw new DOMException('no', 'QuotaExceededError')
}

describe('drafts', () => {
  beforeEach(() => localStorage.clear())

  it('survive a reload, with what they answer', () => {
    new Drafts(localStorage, 'b').set('o', { text: 'half a', replyTo: 4 })
    expect(new Drafts(localStorage, 'b').get('o')).toEqual({ text: 'half a', replyTo: 4 })
  })

  it('are one for each person and room', () => {
    const drafts = new Drafts(localStorage, 'b')
    drafts.set('o', { text: 'mine' })
    expect(drafts.get('p')).toBe(noDraft)
    expect(new Drafts(localStorage, 's').get('o')).toBe(noDraft)
  })

  it('are gone when there is nothing left of them', () => {
    const drafts = new Drafts(localStorage, 'b')
    drafts.set('o', { text: 'x' })
    drafts.set('o', noDraft)
    expect(drafts.has('o')).toBe(false)
    expect(localStorage.getItem('order-chat.drafts/b')).toBe('{}')
  })

  it('are bounded: the oldest go first', () => {
    const drafts = new Drafts(localStorage, 'b')
    for (let n = 0; n < 120; n += 1) drafts.set(`o${n}`, { text: 'x' })
    expect(drafts.has('o119')).toBe(true)
    expect(drafts.has('o0')).toBe(false)
  })

  it('outlive a full storage, until a reload', () => {
    const full = { getItem: () => null, setItem: refuses } as unknown as Storage
    const drafts = new Drafts(full, 'b')
    drafts.set('o', { text: 'half a' })
    expect(drafts.get('o')).toEqual({ text: 'half a' })
    drafts.set('o', noDraft)
    expect(drafts.has('o')).toBe(false)
    expect(new Drafts(full, 'b').get('o')).toBe(noDraft)
  })

  it('what cannot be read is no draft', () => {
    localStorage.setItem('order-chat.drafts/b', '{')
    expect(new Drafts(localStorage, 'b').get('o')).toBe(noDraft)
  })
})
