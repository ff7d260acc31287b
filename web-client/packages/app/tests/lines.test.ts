import type { InboxRoom } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { alike, found, lineOf, previewText, sortedLines, tabOf } from '../src/inbox/lines'
import { en } from '../src/words/en'

const room = (order: string, more: Partial<InboxRoom> = {}): InboxRoom => ({
  order,
  title: `Order ${order}`,
  other: { user: 's', name: 'Seller' },
  head: 3,
  unread: 0,
  ...more,
})
const step = (code: string, ...actions: NonNullable<InboxRoom['next_step']>['actions']) => ({
  next_step: { code, params: {}, actions },
})

describe('lines of the conversation list', () => {
  it('S11: my turn comes first, the nearest deadline first among those', () => {
    const rooms = [
      room('a'),
      room('b', { ...step('step_review', 'accept_delivery'), deadline: '2026-12-02T00:00:00Z' }),
      room('c', { ...step('step_accept', 'accept_order'), deadline: '2026-12-01T00:00:00Z' }),
      room('d', step('step_deliver', 'deliver_files')),
    ]
    expect(sortedLines(rooms).map(({ room }) => room.order)).toEqual(['c', 'b', 'd', 'a'])
  })

  it('what may be taken back is nobody’s turn', () => {
    expect(lineOf(room('a', step('step_cancel_wait', 'withdraw_cancel'))).turn).toBe(false)
    expect(lineOf(room('a', step('step_cancel_answer', 'consent_cancel'))).turn).toBe(true)
    const unpaid = lineOf(room('a', { ...step('step_pay'), deadline: '2026-12-01T00:00:00Z' }))
    expect([unpaid.turn, unpaid.until], 'done in the marketplace, at no given time').toEqual([
      true,
      undefined,
    ])
  })

  it('late, disputed and cancelling orders say so in a word', () => {
    expect(lineOf(room('a', step('step_late', 'deliver_files'))).late).toBe(true)
    expect(lineOf(room('a', { case: 'dispute' })).with).toBe('dispute')
    expect(lineOf(room('a', { case: 'cancel' })).with).toBe('cancel')
  })

  it('S7: they are found by title and by the other’s name', () => {
    const rooms = [room('a', { title: 'Logo' }), room('b', { other: { user: 'k', name: 'Kim' } })]
    expect(found(rooms, ' KIM ').map(({ order }) => order)).toEqual(['b'])
    expect(found(rooms, 'logo').map(({ order }) => order)).toEqual(['a'])
  })

  it('orders of one listing are told apart, and found, by their numbers', () => {
    const rooms = [
      room('0190aaaa-0000-7000-8000-00000012ab34', { title: 'Logo', state: 'new', reference: 'A-17' }),
      room('0190aaaa-0000-7000-8000-00000012ab35', { title: 'Logo', state: 'completed' }),
      room('c', { title: 'Logo', state: 'new', other: { user: 'k', name: 'Kim' } }),
    ]
    expect([...alike(rooms)]).toEqual([rooms[0]?.order, rooms[1]?.order])
    expect(found(rooms, 'a-17')).toEqual([rooms[0]])
    expect(found(rooms, '#12ab35')).toEqual([rooms[1]])
  })

  it('the last entry is told in words, not by its type', () => {
    const last = {
      by: { role: 'seller' as const, user: 's' },
      preview: 'delivery.submitted',
      at: '2026-11-22T10:00:00Z',
    }
    expect(previewText(room('a', { last }), 'me', { w: en })).toBe('Work delivered')
    expect(
      previewText(room('a', { last: { ...last, by: { role: 'buyer', user: 'me' }, preview: 'Hi' } }), 'me', {
        w: en,
      }),
    ).toBe('You: Hi')
  })

  it('S105: each is in one tab, a case before its state', () => {
    const tab = (more: Partial<InboxRoom>) => tabOf(lineOf(room('a', more)))
    expect(tab({})).toBe('conversations')
    expect(tab({ state: 'in_revision' })).toBe('active')
    expect(tab({ state: 'delivered', case: 'idle' })).toBe('disputed')
    expect(tab({ state: 'refunded' })).toBe('done')
  })
})
