// @vitest-environment happy-dom

import type { Ack, Room, RoomState } from '@order-chat/client'
import { expect, it } from 'vitest'
import { writingIn } from '../src/room/writing'
import { showWritten } from '../src/room/written'
import { Value } from '../src/store'

const upTo = (seq: number, status = 'live') => ({ entries: [{ seq }], status }) as unknown as RoomState
const ack = (last_seq?: number) =>
  ({ id: 'c', order: 'o', version: 2, ...(last_seq ? { seq: 8, last_seq } : {}) }) as Ack

function room() {
  const state = new Value(upTo(7))
  const it = Object.assign(state, { order: 'o' }) as unknown as Room
  return { state, it, shown: () => writingIn(it, 'me').sent.getSnapshot() }
}

it('S13: what a command wrote is shown once, when the timeline has all of it', () => {
  const { state, it, shown } = room()
  showWritten(it, 'me', ack(9))
  state.set(upTo(8))
  expect(shown()).toBe(0)
  state.set(upTo(9))
  state.set(upTo(10))
  expect(shown()).toBe(1)
})

it('what came before its answer is shown too', () => {
  const { state, it, shown } = room()
  state.set(upTo(9))
  showWritten(it, 'me', ack(9))
  expect(shown()).toBe(1)
})

it('nothing is shown of what wrote nothing, or of a room that was lost', () => {
  const { state, it, shown } = room()
  showWritten(it, 'me', ack())
  showWritten(it, 'me', ack(9))
  state.set(upTo(7, 'lost'))
  state.set(upTo(9))
  expect(shown()).toBe(0)
})
