// @vitest-environment happy-dom
import type { InboxRoom, InboxView, QueuedCase } from '@order-chat/client'
import { act, renderHook } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { Session } from '../src/session/session'
import { pageName, titleOf } from '../src/shell/page-title'
import { fresh, freshCases } from '../src/shell/tell'
import { Value } from '../src/store'
import { en } from '../src/words/en'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

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
async function onAndroid(ready: Promise<{ active: { postMessage: (said: unknown) => void } }>) {
  const refuses = class {
    static permission = 'granted'
    constructor() {
      throw new TypeError('Illegal constructor')
    }
  }
  vi.stubGlobal('Notification', refuses)
  vi.stubGlobal('navigator', { serviceWorker: { ready } })
  vi.resetModules()
  const { notices, turnNotices } = await import('../src/shell/notices')
  const { show } = await import('../src/shell/tell')
  await turnNotices('on')
  show('Film', { body: 'Hello', tag: 'o' }, { place: '/orders/o', user: 'b' })
  return notices
}

it('D14: where a page may show none its worker does, once it is installed, and without one none is offered', async () => {
  vi.useFakeTimers()
  const postMessage = vi.fn()
  let installed = (_: { active: { postMessage: () => void } }) => {}
  const notices = await onAndroid(
    new Promise(resolve => {
      installed = resolve
    }),
  )
  await vi.advanceTimersByTimeAsync(5000)
  expect(postMessage).not.toHaveBeenCalled()
  installed({ active: { postMessage } })
  await vi.advanceTimersByTimeAsync(0)
  const options = { body: 'Hello', tag: 'o', icon: '/icon-192.png' }
  expect(postMessage).toHaveBeenCalledWith({ title: 'Film', options, place: '/orders/o', user: 'b' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(notices.getSnapshot()).toBe('on')
  const without = await onAndroid(new Promise(() => {}))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(without.getSnapshot()).toBe('unknown')
})

it('D14: a page is led where a notification of its own person leads, and no other', async () => {
  const container = new EventTarget()
  vi.stubGlobal('navigator', { serviceWorker: container })
  vi.resetModules()
  const { tell } = await import('../src/shell/tell')
  const { path } = await import('../src/shell/router')
  const over = new AbortController()
  const inbox = { getSnapshot: () => view('loading'), subscribe: () => () => undefined }
  tell({ client: { inbox }, me: { user: 'b' }, staff: false } as unknown as Session, en, over.signal)
  const port = { postMessage: vi.fn() }
  const said = (data: object) =>
    container.dispatchEvent(Object.assign(new Event('message'), { data, ports: [port] }))
  said({ user: 's' })
  said({ user: 's', place: '/orders/theirs' })
  expect([path.getSnapshot(), port.postMessage.mock.calls.length]).toEqual(['/', 0])
  said({ user: 'b' })
  expect([path.getSnapshot(), port.postMessage.mock.calls.length]).toEqual(['/', 1])
  said({ user: 'b', place: '/orders/o' })
  expect(path.getSnapshot()).toBe('/orders/o')
  over.abort()
})

it('D14: what tells is asked for again when it did not come and the page or the network is back', async () => {
  vi.stubGlobal('Notification', Object.assign(class {}, { permission: 'granted' }))
  vi.resetModules()
  const session = { client: { inbox: new Value({ unread: { entries: 0 } }) } }
  vi.doMock('../src/session/session', () => ({ useSession: () => session }))
  const tell = vi.fn()
  const come = vi.fn((): { tell: typeof tell } => {
    throw new TypeError('it did not come')
  })
  vi.doMock('../src/shell/tell', () => come())
  const { turnNotices, useNotices } = await import('../src/shell/notices')
  await turnNotices('on')
  const shown = renderHook(useNotices)
  await vi.waitFor(() => expect(come).toHaveBeenCalledTimes(1))
  await vi.waitFor(() => {
    act(() => void window.dispatchEvent(new Event('online')))
    expect(come).toHaveBeenCalledTimes(2)
  })
  come.mockReturnValue({ tell })
  await vi.waitFor(() => {
    act(() => void document.dispatchEvent(new Event('visibilitychange')))
    expect(tell).toHaveBeenCalled()
  })
  act(() => void window.dispatchEvent(new Event('online')))
  shown.unmount()
  expect(tell).toHaveBeenCalledTimes(1)
  vi.doUnmock('../src/session/session')
  vi.doUnmock('../src/shell/tell')
})
