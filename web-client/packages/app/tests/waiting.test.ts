// @vitest-environment happy-dom

import type { OutboxItem } from '@order-chat/client'
import { expect, it } from 'vitest'
import { snapshot } from '../src/gallery/samples'
import { offered, stillUnanswered } from '../src/room/context'

const item = (id: string, state: OutboxItem['state'] = 'queued'): OutboxItem => ({
  no: 1,
  id,
  order: 'o',
  command: { type: 'accept_order' },
  queuedAt: '2026-11-01T00:00:00Z',
  state,
  attempts: 0,
})
const ids = (pending: OutboxItem[], away: boolean, before?: ReadonlyMap<string, 'accept_order'>) => [
  ...stillUnanswered(pending, away, before).keys(),
]

it('what was done without a connection waits until it is answered, not until there is one', () => {
  const before = new Map([['a', 'accept_order' as const]])
  expect(ids([item('a')], true)).toEqual(['a'])
  expect(ids([item('a', 'sent')], false, before)).toEqual(['a'])
  expect(ids([], false, before)).toEqual([])
  expect(ids([item('a', 'refused')], true, before), 'it will not happen').toEqual([])
  expect(ids([item('b', 'sent')], false, before), 'answered in a moment').toEqual([])
})

it('only what would contradict it is held back', () => {
  const order = snapshot('delivered', {
    actions: [
      { command: 'accept_delivery', allowed: true, needs: [] },
      { command: 'request_revision', allowed: true, needs: [] },
      { command: 'open_dispute', allowed: true, needs: [] },
    ],
  })
  const allowed = (waits: Parameters<typeof offered>[2]) =>
    offered(order.actions, order, waits).flatMap(({ command, allowed }) => (allowed ? [command] : []))
  expect(allowed([])).toEqual(['accept_delivery', 'request_revision', 'open_dispute'])
  expect(allowed(['accept_delivery'])).toEqual(['open_dispute'])
  expect(allowed(['propose_update'])).toEqual(['accept_delivery', 'request_revision', 'open_dispute'])
})
