// @vitest-environment happy-dom

import type { QueuedCase, RoomStatus } from '@order-chat/client'
import { cleanup, renderHook } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useStillQueued } from '../src/desk/still-queued'

const refresh = vi.fn()
const held = (by?: string) => ({ order: 'o', ...(by ? { claimed_by: by } : {}) }) as QueuedCase
const at = (status: RoomStatus, queued?: QueuedCase) => ({ status, queued, me: 'agent', refresh })

/** Every answer that was drawn, the first of each change too. */
function follow(first: ReturnType<typeof at>) {
  const drawn: (QueuedCase | undefined)[] = []
  const { rerender } = renderHook(
    (told: ReturnType<typeof at>) => {
      const queued = useStillQueued(told)
      drawn.push(queued)
      return queued
    },
    { initialProps: first },
  )
  return {
    to: (told: ReturnType<typeof at>) => {
      drawn.length = 0
      rerender(told)
      return [...new Set(drawn)]
    },
  }
}

afterEach(() => {
  cleanup()
  refresh.mockClear()
})

describe('a case that ends for the agent who has it (S30, S33)', () => {
  it('is in no queue at once, and the queue is asked anew', () => {
    const mine = held('agent')
    const desk = follow(at('live', mine))
    expect(desk.to(at('lost', mine))).toEqual([undefined])
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(desk.to(at('lost'))).toEqual([undefined])
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  it('is as the queue says afterwards: left, or handed over', () => {
    const mine = held('agent')
    const desk = follow(at('live', mine))
    desk.to(at('lost', mine))
    const other = held('other')
    expect(desk.to(at('lost', other))).toEqual([other])
  })

  it('is not opened again and again by what the queue said before', () => {
    const mine = held('agent')
    const desk = follow(at('joining', mine))
    expect(desk.to(at('lost', mine))).toEqual([undefined])
    expect(refresh).not.toHaveBeenCalled()
    const anew = held('agent')
    expect(desk.to(at('lost', anew))).toEqual([anew])
  })

  it('can be claimed while it is refused', () => {
    const free = held()
    const desk = follow(at('joining', free))
    expect(desk.to(at('lost', free))).toEqual([free])
    const mine = held('agent')
    expect(desk.to(at('lost', mine))).toEqual([mine])
  })
})
