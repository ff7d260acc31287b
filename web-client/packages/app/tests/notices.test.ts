// @vitest-environment happy-dom
import type { InboxRoom, InboxView, QueuedCase } from '@order-chat/client'
import { afterEach, expect, it, vi } from 'vitest'
import { pageName, titleOf } from '../src/shell/page-title'
import { fresh, freshCases } from '../src/shell/tell'
import { en } from '../src/words/en'

afterEach(() => vi.unstubAllGlobals())

const room = (order: string, head: number, unread: number, last?: [by: string, at: string]): InboxRoom => ({
  order,
  other: { user: 's', name: 'Seller' },
  head,
  unread,
  ...(last ? { last: { by: { role: 'seller', user: last[0] }, preview: '', at: last[1] } } : {}),
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
  expect(fresh(before, after, 'me').map(({ order }) => order)).toEqual(['a', 'd'])
})

it('what was there before is no news', () => {
  expect(fresh(view('loading'), view('ready', room('a', 3, 1)), 'me')).toEqual([])
})

it('D14: what came while as much was read elsewhere is told; what the reader wrote, or the chatbot, is not', () => {
  const before = view('ready', ...['a', 'b', 'c'].map(order => room(order, 3, 1, ['s', '08:00'])))
  const after = view(
    'ready',
    room('a', 4, 1, ['s', '09:00']),
    room('b', 4, 1, ['me', '09:00']),
    room('c', 4, 1, ['s', '08:00']),
  )
  expect(fresh(before, after, 'me').map(({ order }) => order)).toEqual(['a'])
})

it('staff are told of cases that are new and that nobody has', () => {
  const one = (order: string, opened_at: string, claimed_by?: string) =>
    ({ order, opened_at, ...(claimed_by ? { claimed_by } : {}) }) as QueuedCase
  const before = [one('a', 'monday', 'ada'), one('b', 'monday')]
  // Given back by who had it; there before; new and taken at once; new; at the desk again.
  const after = [
    one('a', 'monday'),
    one('b', 'monday'),
    one('c', 'today', 'ada'),
    one('d', 'today'),
    one('b', 'today'),
  ]
  expect(freshCases(before, after).map(({ order, opened_at }) => `${order} ${opened_at}`)).toEqual([
    'd today',
    'b today',
  ])
})

it('a tab is called by its page, what is unread before it', () => {
  expect(titleOf(pageName({ at: 'desk' }, en), 0, 'Orders')).toBe('Desk · Orders')
  expect(titleOf('Short film', 3, 'Orders')).toBe('(3) Short film · Orders')
})

/** Notifications as Chrome for Android has them: only a worker shows any. */
async function onAndroid(worker: { postMessage: (said: unknown) => void } | undefined) {
  const refuses = class {
    static permission = 'granted'
    constructor() {
      throw new TypeError('Illegal constructor')
    }
  }
  vi.stubGlobal('Notification', refuses)
  const getRegistration = async () => (worker ? { active: worker } : undefined)
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration } })
  vi.resetModules()
  const { notices, turnNotices } = await import('../src/shell/notices')
  const { show } = await import('../src/shell/tell')
  await turnNotices('on')
  show('Film', { body: 'Hello', tag: 'o' }, '/orders/o')
  return notices
}

it('D14: where a page may show none its worker does, and without one none is offered', async () => {
  const postMessage = vi.fn()
  const notices = await onAndroid({ postMessage })
  await vi.waitFor(() => expect(postMessage).toHaveBeenCalled())
  const options = { body: 'Hello', tag: 'o', icon: '/icon-192.png' }
  expect(postMessage).toHaveBeenCalledWith({ title: 'Film', options, place: '/orders/o' })
  expect(notices.getSnapshot()).toBe('on')
  const without = await onAndroid(undefined)
  await vi.waitFor(() => expect(without.getSnapshot()).toBe('unknown'))
})
