// @vitest-environment happy-dom

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Drafts, noDraft } from '../src/room/drafts'
import { browserStorage } from '../src/storage'

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

  it('outlive a full storage as long as the page, not only the part of it that wrote them', () => {
    vi.stubGlobal('localStorage', { getItem: () => null, setItem: refuses })
    new Drafts(browserStorage, 'b').set('o', { text: 'half a' })
    expect(new Drafts(browserStorage, 'b').get('o')).toEqual({ text: 'half a' })
    new Drafts(browserStorage, 'b').set('o', noDraft)
    expect(new Drafts(browserStorage, 'b').has('o')).toBe(false)
    vi.unstubAllGlobals()
  })

  it('what cannot be read is no draft', () => {
    localStorage.setItem('order-chat.drafts/b', '{')
    expect(new Drafts(localStorage, 'b').get('o')).toBe(noDraft)
  })
})
