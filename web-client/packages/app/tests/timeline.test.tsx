// @vitest-environment happy-dom

import type { CommandKind, Entry, RoomState } from '@order-chat/client'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { asked } from '../src/commands/open'
import { CardRow } from '../src/entries/card-row'
import { EventRow } from '../src/entries/event-row'
import { agent, buyer, item, seller, snapshot } from '../src/gallery/samples'
import { RoomAround, type RoomOnScreen } from '../src/room/context'
import { NextStepBar } from '../src/room/next-step'
import { en } from '../src/words/en'
import { Format } from '../src/words/format'
import { tellingOf } from '../src/words/sentences'

function inRoom(
  order: ReturnType<typeof snapshot>,
  children: React.ReactNode,
  me = 'buyer',
  entries: readonly Entry[] = [],
  waits: readonly CommandKind[] = [],
) {
  const state = { items: [], entries, members: [], cursors: {}, typing: [], head: 9 }
  const seen = {
    room: { order: order.order },
    order,
    actions: order.actions,
    waits,
    telling: tellingOf(en, new Format('en', en), order, me),
    me,
    staff: false,
  } as unknown as RoomOnScreen
  return render(
    <RoomAround seen={seen} state={state as unknown as RoomState}>
      {children}
    </RoomAround>,
  )
}

afterEach(cleanup)

describe('the next step', () => {
  it('S11, I4: offers what the service allows, the likeliest as the one accent', () => {
    inRoom(snapshot('delivered'), <NextStepBar />)
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
      'Ask for changes',
      'Accept the delivery',
    ])
    fireEvent.click(screen.getByRole('button', { name: 'Accept the delivery' }))
    expect(asked.getSnapshot()).toMatchObject({ kind: 'accept_delivery' })
  })

  it('what waits for a connection is told, and nothing is offered beside it', () => {
    const order = snapshot('delivered')
    inRoom(order, <NextStepBar />, 'buyer', [], ['accept_delivery'])
    screen.getByText('Accept the delivery · Waiting to be sent')
    expect(screen.queryAllByRole('button')).toEqual([])
  })

  it('S17: without revisions there is nothing to ask for', () => {
    const order = snapshot('delivered', {
      actions: [
        { command: 'accept_delivery', allowed: true, needs: [] },
        { command: 'request_revision', allowed: false, code: 'no_revisions_left', needs: [] },
      ],
    })
    inRoom(order, <NextStepBar />)
    expect(screen.getAllByRole('button')).toHaveLength(1)
  })

  it.each([
    ['step_cx_wait', 'close_dispute', 'Close the dispute'],
    ['step_cancel_wait', 'withdraw_cancel', 'Take the cancellation back'],
  ] as const)(
    'S28, S32: while others are awaited (%s), to take it back is not the one thing to do',
    (code, command, name) => {
      const order = snapshot('in_progress', {
        next_step: { you: { code, params: {}, actions: [command] } },
        actions: [{ command, allowed: true, needs: [] }],
      })
      inRoom(order, <NextStepBar />)
      expect(screen.getByRole('button', { name }).className).not.toContain('bg-accent')
      expect(screen.getByRole('region').className).not.toContain('bg-accent')
      expect(screen.queryByText('Your turn', { exact: false })).toBeNull()
    },
  )
})

describe('cards and lines', () => {
  it('S13, S14: an open delivery starts its review; a settled one says what became of it', () => {
    const delivery = item(seller, {
      type: 'delivery.submitted',
      no: 1,
      kind: 'external',
      where: 'In the folder',
    })
    inRoom(snapshot('delivered'), <CardRow item={delivery} />)
    expect(screen.getByText('In the folder')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Accept delivery' })).toBeTruthy()
    cleanup()
    inRoom(
      snapshot('completed'),
      <CardRow
        item={delivery}
        outcome={{ code: 'accepted', good: true, by: buyer, at: '2026-11-22T10:00:00Z' }}
      />,
    )
    expect(screen.getByText('Accepted by Buyer')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Accept delivery' })).toBeNull()
  })

  it('S12: answers that were given again fold, and the newer ones mark what changed', () => {
    const answered = (brand: string) =>
      item(buyer, { type: 'requirements.answered', answers: { brand, must: 'A lamp' } })
    const [first, again] = [answered('Oak'), answered('Elm')]
    const order = snapshot('in_progress')
    const entries = [first.entry, again.entry]
    const outcome = { code: 'answered_again', good: false, by: buyer, at: again.entry.at } as const
    inRoom(order, <CardRow item={first} outcome={outcome} />, 'buyer', entries)
    expect(screen.getByText('Answered again by Buyer')).toBeTruthy()
    expect(screen.queryByText('Oak')).toBeNull()
    fireEvent.click(screen.getByRole('button'))
    expect(screen.getByText('Oak')).toBeTruthy()
    expect(screen.queryByText('Changed')).toBeNull()
    cleanup()
    inRoom(order, <CardRow item={again} />, 'buyer', entries)
    expect(screen.getAllByText('Changed').map(tag => tag.closest('dt')?.textContent)).toEqual([
      'Which product is it about? Changed',
    ])
  })

  it('S9: what happened unfolds to who, when and why', () => {
    inRoom(
      snapshot('in_progress'),
      <EventRow item={item(agent, { type: 'cancel.rejected', reason: 'The delivery is good.' })} />,
    )
    expect(screen.queryByText('The delivery is good.')).toBeNull()
    fireEvent.click(screen.getByRole('button'))
    expect(screen.getByText('The delivery is good.')).toBeTruthy()
  })

  it('D12: a proposal shows old and new', () => {
    const proposed = item(seller, {
      type: 'contract.proposed',
      proposal: 'p',
      changes: { revisions: 3 },
      current: { revisions: 2 },
      consequences: [{ code: 'revisions_left', left: 3 }],
      expires_at: '2026-11-24T10:00:00Z',
    })
    inRoom(snapshot('in_progress'), <CardRow item={proposed} />)
    const cells = screen.getAllByRole('cell').map(({ textContent }) => textContent)
    expect(cells).toEqual(['2', '3'])
    expect(screen.getByText('Revisions left afterwards: 3.')).toBeTruthy()
  })
})
