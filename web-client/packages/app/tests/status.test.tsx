// @vitest-environment happy-dom

import type { OrderSnapshot, RoomState } from '@order-chat/client'
import { cleanup, render, screen } from '@testing-library/react'
import { createRef } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import ActionsList from '../src/commands/actions-list'
import { snapshot } from '../src/gallery/samples'
import { RoomAround, type RoomOnScreen } from '../src/room/context'
import { ContractHistory } from '../src/status/contract-history'
import { Money } from '../src/status/money'
import { paidOf, toPay } from '../src/status/payment'
import { en } from '../src/words/en'
import { Format } from '../src/words/format'
import { tellingOf } from '../src/words/sentences'

function inRoom(order: OrderSnapshot, children: React.ReactNode) {
  const { actions } = order
  const telling = tellingOf(en, new Format('en', en), order, 'buyer')
  const seen = { room: { order: order.order }, order, actions, telling, me: 'buyer', staff: false }
  return render(
    <RoomAround
      seen={seen as unknown as RoomOnScreen}
      state={{ entries: [], cursors: {} } as unknown as RoomState}
    >
      {children}
    </RoomAround>,
  )
}

afterEach(cleanup)

describe('what was paid of a price', () => {
  const { payment } = snapshot('in_progress')
  const priced = (amount: number, more: Partial<OrderSnapshot> = {}) =>
    snapshot('in_progress', { price: { amount, currency: 'USD' }, ...more })

  it('S27: of a raised price, the rest is still to be paid', () => {
    inRoom(priced(18_000), <Money order={priced(18_000)} />)
    expect(screen.getByText('Partly paid')).toBeTruthy()
    expect(screen.getByText('Still to pay').parentElement?.textContent).toContain('$30')
    expect(screen.queryByText('Paid')).toBeNull()
  })

  it('is all of it when as much came in', () => {
    inRoom(priced(15_000), <Money order={priced(15_000)} />)
    expect(screen.getByText('Paid')).toBeTruthy()
    expect(screen.queryByText('Still to pay')).toBeNull()
  })

  it('names no amount that it cannot know: after a refund', () => {
    const refunded = priced(18_000, {
      payment: { ...payment, status: 'partially_refunded', held: 10_000, refunded: 5_000 },
    })
    expect([paidOf(refunded).word, toPay(refunded)]).toEqual(['partially_refunded', 0])
  })

  it('is not told of what is paid directly, was never paid, or has ended without it', () => {
    const direct = priced(18_000, { settlement: 'direct', payment: { ...payment, captured: 0, held: 0 } })
    const unpaid = priced(18_000, { payment: { ...payment, status: 'unpaid', captured: 0, held: 0 } })
    const ended = priced(18_000, { state: 'cancelled' })
    expect([direct, unpaid, ended].map(order => [paidOf(order).word, toPay(order)])).toEqual([
      ['paid', 0],
      ['unpaid', 0],
      ['paid', 0],
    ])
    expect(toPay(priced(18_000, { state: 'completed' }))).toBe(3_000)
  })
})

describe('the due date', () => {
  const due = { kind: 'due', fire_at: '2026-12-04T10:00:00Z', paused: true, because: 3 } as const
  const { requirements } = snapshot('in_progress')
  const dueLine = (order: OrderSnapshot) => {
    inRoom(order, <ContractHistory />)
    return screen.getByText('Due').parentElement?.textContent
  }

  it('L8: waits for the answers while its clock does', () => {
    expect(dueLine(snapshot('in_progress', { timers: [due] }))).toBe('DueWaits for the answers')
  })

  it('stands while the clock runs, and while it stands still for a case', () => {
    expect(dueLine(snapshot('in_progress'))).not.toContain('Waits')
    cleanup()
    const answers = { brand: 'Oak', must: 'A lamp' }
    const order = snapshot('in_progress', { timers: [due], requirements: { ...requirements, answers } })
    expect(dueLine(order)).not.toContain('Waits')
  })
})

describe('the menu', () => {
  it('S12: answers that are there are corrected', () => {
    const order = snapshot('in_progress', {
      actions: [{ command: 'submit_requirements', allowed: true, needs: [] }],
    })
    const trigger = createRef<HTMLElement>()
    trigger.current = document.body
    inRoom(order, <ActionsList trigger={trigger} close={() => undefined} />)
    expect(screen.getByText('Correct the answers')).toBeTruthy()
    cleanup()
    const unanswered = { ...order, requirements: { ...order.requirements, status: 'unanswered' } as const }
    inRoom(unanswered, <ActionsList trigger={trigger} close={() => undefined} />)
    expect(screen.getByText('Answer the questions')).toBeTruthy()
  })
})
