import type { Entry, Event, Item, OutboxItem } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { type Row, rowsOf } from '../src/room/rows'

const START = new Date(2026, 10, 22, 10, 0).getTime()

function item(
  seq: number,
  user: string,
  minutes: number,
  event: Event = { type: 'message.posted', text: 'x' },
): Item {
  const entry: Entry = {
    seq,
    at: new Date(START + minutes * 60_000).toISOString(),
    by: { role: user === 'bot' ? 'bot' : 'buyer', ...(user === 'bot' ? {} : { user }) },
    id: `id-${seq}`,
    event,
  }
  return { key: `#${seq}`, entry }
}

function rows(items: Item[], more: Partial<Parameters<typeof rowsOf>[0]> = {}): readonly Row[] {
  return rowsOf({ items, pending: [], me: 'me', unreadAfter: undefined, reachedStart: false, ...more })
}

const marks = (shown: readonly Row[]) =>
  shown.flatMap(row => (row.kind === 'message' ? [`${row.first ? '[' : '-'}${row.last ? ']' : '-'}`] : []))

describe('rows of the timeline', () => {
  it('messages of one person within five minutes are one group', () => {
    const shown = rows([
      item(1, 'a', 0),
      item(2, 'a', 4),
      item(3, 'a', 8),
      item(4, 'a', 14),
      item(5, 'me', 14),
    ])
    expect(marks(shown)).toEqual(['[-', '--', '-]', '[]', '[]'])
  })

  it('S9: what happens in between ends a group', () => {
    const shown = rows([item(1, 'a', 0), item(2, 'a', 1, { type: 'order.overdue' }), item(3, 'a', 2)])
    expect(marks(shown)).toEqual(['[]', '[]'])
  })

  it('each day of the reader has its separator, and the beginning is marked once it is there', () => {
    const shown = rows([item(1, 'a', 0), item(2, 'a', 24 * 60)], { reachedStart: true })
    expect(shown.map(({ kind }) => kind)).toEqual(['start', 'day', 'message', 'day', 'message'])
  })

  it('the unread divider stands before the first entry of somebody else after the cursor, once', () => {
    const shown = rows([item(1, 'a', 0), item(2, 'me', 1), item(3, 'a', 2), item(4, 'a', 3)], {
      unreadAfter: 1,
    })
    expect(shown.map(({ kind }) => kind)).toEqual([
      'day',
      'message',
      'message',
      'unread',
      'message',
      'message',
    ])
  })

  it('D2: a pending message has the key of the entry it becomes, and joins its group', () => {
    const pending: OutboxItem = {
      no: 1,
      id: 'id-9',
      order: 'o',
      command: { type: 'post_message', text: 'y' },
      state: 'queued',
      queuedAt: new Date(START + 60_000).toISOString(),
      attempts: 0,
    }
    const shown = rows([item(1, 'me', 0)], { pending: [pending] })
    expect(shown.at(-1)).toMatchObject({ kind: 'pending', key: 'me/id-9', first: false, last: true })
  })

  it('another command on its way is a line of its own', () => {
    const pending: OutboxItem = {
      no: 1,
      id: 'id-9',
      order: 'o',
      command: { type: 'accept_order' },
      state: 'sent',
      queuedAt: '',
      attempts: 1,
    }
    expect(rows([], { pending: [pending] })).toMatchObject([{ kind: 'waiting', key: '~id-9' }])
  })

  it('D12, S12, S13: proposals, forms and deliveries are cards; the chatbot speaks small', () => {
    const shown = rows([
      item(1, 'a', 0, { type: 'delivery.submitted', no: 1, kind: 'external', where: 'there' }),
      item(2, 'a', 1, { type: 'requirements.asked', questions: ['q'] }),
      item(3, 'bot', 1, {
        type: 'bot.prompted',
        buyer: { code: 'a', params: {}, actions: [] },
        seller: { code: 'b', params: {}, actions: [] },
        because: [1],
      }),
    ])
    expect(shown.map(({ kind }) => kind)).toEqual(['day', 'card', 'card', 'prompt'])
  })
})
