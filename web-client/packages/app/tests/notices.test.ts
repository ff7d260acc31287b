// @vitest-environment happy-dom
import type { InboxRoom, InboxView } from '@order-chat/client'
import { expect, it } from 'vitest'
import { fresh } from '../src/shell/notices'

const room = (order: string, head: number, unread: number): InboxRoom => ({
  order,
  other: { user: 's', name: 'Seller' },
  head,
  unread,
})
const view = (status: InboxView['status'], ...rooms: InboxRoom[]): InboxView => ({
  status,
  rooms,
  tabs: {},
  unread: { rooms: 0, entries: 0 },
})

it('D14: only what came and is unread is told', () => {
  const before = view('ready', room('a', 3, 1), room('b', 5, 0), room('c', 2, 2))
  const after = view('ready', room('a', 4, 2), room('b', 6, 0), room('c', 2, 0), room('d', 1, 1))
  expect(fresh(before, after).map(({ order }) => order)).toEqual(['a', 'd'])
})

it('what was there before is no news', () => {
  expect(fresh(view('loading'), view('ready', room('a', 3, 1)))).toEqual([])
})
