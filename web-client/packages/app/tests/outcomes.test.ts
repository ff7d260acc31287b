import type { Entry, Event } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { outcomesOf } from '../src/room/outcomes'

const entries = (...events: Event[]): Entry[] =>
  events.map((event, at) => ({
    seq: at + 1,
    at: '2026-11-22T10:00:00Z',
    by: { role: 'buyer', user: 'b', name: 'B' },
    id: `${at}`,
    event,
  }))

const codes = (...events: Event[]) =>
  [...outcomesOf(entries(...events))].map(([seq, { code }]) => `${seq} ${code}`)

const delivery = (no: number): Event => ({ type: 'delivery.submitted', no, kind: 'external', where: 'there' })
const revision: Event = {
  type: 'revision.requested',
  no: 1,
  delivery: 1,
  text: 'x',
  remaining: 0,
  due_at: '',
}
const proposed: Event = {
  type: 'contract.proposed',
  proposal: 'p',
  changes: {},
  current: {},
  consequences: [],
  expires_at: '',
}

describe('what became of a card', () => {
  it('S15, S16, S21: a delivery is revised, the next one accepted', () => {
    expect(
      codes(delivery(1), revision, delivery(2), {
        type: 'order.completed',
        close_reason: 'buyer_accept',
        delivery: 2,
      }),
    ).toEqual(['1 revised', '3 accepted'])
  })

  it('S26: a proposal is accepted by whoever accepts it, not by what customer experience decides', () => {
    const updated = { type: 'contract.updated', old: {}, new: {} } as Event
    expect(codes(proposed, updated)).toEqual([])
    expect(codes(proposed, { ...updated, proposal: 'p' } as Event)).toEqual(['1 accepted'])
  })

  it('S26: a proposal ends with the order', () => {
    expect(codes(proposed, { type: 'order.auto_completed', delivery: 1 } as Event)).toEqual(['1 ended'])
  })

  it('a delivery that a newer one took the place of says which', () => {
    const told = outcomesOf(entries(delivery(1), delivery(2)))
    expect(told.get(1)).toMatchObject({ code: 'replaced', no: 2 })
    expect(told.has(2)).toBe(false)
  })

  it('S12: answers that are given again settle those before them', () => {
    const asked: Event = { type: 'requirements.asked', questions: ['brand'] }
    const answered = (brand: string): Event => ({ type: 'requirements.answered', answers: { brand } })
    expect(codes(asked, answered('Oak'), answered('Elm'), answered('Ash'))).toEqual([
      '1 answered',
      '2 answered_again',
      '3 answered_again',
    ])
  })

  it('D12: a proposal is accepted, declined, taken back or lapses', () => {
    expect(codes(proposed, { type: 'contract.updated', proposal: 'p', old: {}, new: {} })).toEqual([
      '1 accepted',
    ])
    expect(codes(proposed, { type: 'contract.declined', proposal: 'p' })).toEqual(['1 declined'])
    expect(codes(proposed, { type: 'contract.withdrawn', proposal: 'p' })).toEqual(['1 withdrawn'])
    expect(codes(proposed, { type: 'contract.lapsed', proposal: 'p' })).toEqual(['1 lapsed'])
  })

  it('S33: what the parties agree on settles resolution and dispute together', () => {
    const opened: Event = { type: 'dispute.opened', reason: 'x', respond_by: '' }
    const asked: Event = {
      type: 'resolution.proposed',
      resolution: 'r',
      option: { kind: 'resume' },
      expires_at: '',
    }
    const agreed: Event = { type: 'resolution.agreed', resolution: 'r', option: { kind: 'resume' } }
    expect(codes(opened, asked, agreed)).toEqual(['2 agreed', '1 agreed'])
  })

  it('what is still open has none', () => {
    expect(codes(delivery(1), proposed)).toEqual([])
  })
})
