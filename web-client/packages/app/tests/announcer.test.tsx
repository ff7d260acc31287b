// @vitest-environment happy-dom

import type { Event, Item, RoomState } from '@order-chat/client'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { buyer, item, seller, snapshot } from '../src/gallery/samples'
import { Announcer } from '../src/room/announcer'
import { RoomAround, type RoomOnScreen } from '../src/room/context'
import { en } from '../src/words/en'
import { Format } from '../src/words/format'
import { tellingOf } from '../src/words/sentences'

afterEach(cleanup)

const order = snapshot('in_progress')
const telling = tellingOf(en, new Format('en', en), order, 'buyer')

function heard(items: readonly Item[], status = 'live') {
  const seen = { room: { order: order.order }, telling, me: 'buyer' } as unknown as RoomOnScreen
  return (
    <RoomAround seen={seen} state={{ items, status, cursors: {} } as unknown as RoomState}>
      <Announcer />
    </RoomAround>
  )
}
const said = () => [...screen.getByRole('status').children].map(({ textContent }) => textContent)
const theirs = (text: string) => item(seller, { type: 'message.posted', text })
const prompt = () =>
  item({ role: 'bot' }, {
    type: 'bot.prompted',
    to: 'buyer',
    prompt: { code: 'step_work_wait', params: {}, actions: [] },
  } as unknown as Event)

it('what is there on coming in is no news', () => {
  render(heard([theirs('before')]))
  expect(said()).toEqual([])
})

it('a prompt behind it does not hide what happened', () => {
  const first = [theirs('before')]
  const { rerender } = render(heard(first))
  rerender(heard([...first, item(seller, { type: 'order.accepted' } as Event), prompt()]))
  expect(said()).toHaveLength(1)
  expect(said()[0]).toContain('accepted')
})

it('several that come together are all said, in their order, without mine', () => {
  const first = [theirs('before')]
  const { rerender } = render(heard(first))
  const mine = item(buyer, { type: 'message.posted', text: 'mine' })
  rerender(heard([...first, theirs('one'), mine, theirs('two')]))
  expect(said()).toEqual(['Seller: one', 'Seller: two'])
})

it('the same words again are said again: as a node of their own', () => {
  const first = [theirs('before')]
  const once = [...first, theirs('Yes')]
  const { rerender } = render(heard(first))
  rerender(heard(once))
  const node = screen.getByText('Seller: Yes')
  rerender(heard([...once, theirs('Yes')]))
  const nodes = screen.getAllByText('Seller: Yes')
  expect(nodes).toHaveLength(2)
  expect(nodes[0]).toBe(node)
})

it('what came while the connection was away is said on the return, the most of it as a number', () => {
  const first = [theirs('before')]
  const { rerender } = render(heard(first))
  const more = Array.from({ length: 50 }, (_, n) => theirs(`text ${n}`))
  rerender(heard([...first, ...more.slice(0, 20)], 'catching_up'))
  expect(said()).toEqual([])
  rerender(heard([...first, ...more]))
  expect(said()[0]).toBe('45 new entries')
  expect(said().at(-1)).toBe('Seller: text 49')
  expect(said()).toHaveLength(6)
})

it('history that is loaded above is no news', () => {
  const older = theirs('older')
  const first = [theirs('before')]
  const { rerender } = render(heard(first))
  rerender(heard([older, ...first]))
  expect(said()).toEqual([])
})

it('what has a card is told in a few words', () => {
  const { rerender } = render(heard([theirs('before')]))
  const proposed = item(seller, { type: 'contract.proposed' } as unknown as Event)
  rerender(heard([theirs('before'), proposed]))
  expect(said().join()).toContain('New terms proposed')
  expect(said().join()).not.toContain(en.room.unknown)
})
