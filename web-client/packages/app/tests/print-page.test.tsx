// @vitest-environment happy-dom

import type { RoomState } from '@order-chat/client'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cards } from '../src/gallery/samples'
import PrintPage from '../src/print/print-page'
import { Value } from '../src/store'

const loadOlder = vi.fn()
const state = new Value<RoomState>({} as RoomState)
const session = {
  me: { user: 'buyer' },
  staff: false,
  following: { look: () => undefined },
  client: {
    room: () => ({
      order: 'o',
      loadOlder,
      getSnapshot: state.getSnapshot,
      subscribe: state.subscribe,
    }),
  },
}
vi.mock('../src/session/session', () => ({ useSession: () => session, useSessionIfAny: () => session }))

function open(told: Partial<RoomState>) {
  state.set({
    order: 'o',
    status: 'live',
    entries: [],
    items: [],
    pending: [],
    members: [],
    cursors: {},
    typing: [],
    head: 0,
    reachedStart: true,
    loadingOlder: false,
    ...told,
  } as unknown as RoomState)
  render(<PrintPage order="o" />)
}
const canPrint = () => !(screen.getByRole('button', { name: 'Print' }) as HTMLButtonElement).disabled

afterEach(() => {
  cleanup()
  loadOlder.mockClear()
})

describe('an order on paper', () => {
  it('is ready when nothing was written yet', () => {
    open({})
    expect(canPrint()).toBe(true)
  })

  it('asks for one page after another, and says when one does not come', () => {
    open({ reachedStart: false, head: 300 })
    expect(loadOlder).toHaveBeenCalledTimes(1)
    cleanup()
    open({ reachedStart: false, head: 300, loadingOlder: true, olderFailed: true })
    expect(loadOlder).toHaveBeenCalledTimes(1)
    expect(screen.getByText('Earlier entries cannot be read just now. Trying again.')).toBeTruthy()
    expect(canPrint()).toBe(false)
  })

  it('has every card open, settled or not', () => {
    open({ items: cards })
    const heads = screen.getAllByRole('article').flatMap(card => [...card.querySelectorAll('.card > button')])
    expect(heads.length).toBeGreaterThan(cards.length / 2)
    expect(heads.map(head => head.getAttribute('aria-expanded'))).not.toContain('false')
  })

  it('of somebody else is not here', () => {
    open({ status: 'lost', reachedStart: false })
    expect(screen.getByText('This order is not here, or not yours to see')).toBeTruthy()
    expect(loadOlder).not.toHaveBeenCalled()
  })
})
