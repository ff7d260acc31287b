// What a command of this page wrote is seen, as a message that is sent is. Loaded with what gives commands.

import type { Ack, Room } from '@order-chat/client'
import { writingIn } from './writing'

/** Only once the timeline has it: its card takes the place of the row that waited, and the end would move on. */
export function showWritten(room: Room, user: string, { seq, last_seq = seq }: Ack): void {
  if (last_seq === undefined) return
  const look = () => {
    const { entries, status } = room.getSnapshot()
    const there = (entries.at(-1)?.seq ?? 0) >= last_seq
    if (!there && status !== 'lost') return
    stop()
    const { sent } = writingIn(room, user)
    if (there) sent.set(sent.getSnapshot() + 1)
  }
  const stop = room.subscribe(look)
  look()
}
