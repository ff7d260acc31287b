// The room that is on the screen, for everything inside it.

import type { Action, CommandKind, OrderSnapshot, Room, RoomState } from '@order-chat/client'
import { createContext, useContext, useMemo } from 'react'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { type Telling, tellingOf } from '../words/sentences'
import { useWords } from '../words/use-words'

export interface RoomOnScreen {
  readonly room: Room
  readonly state: RoomState
  /** Absent in a conversation without an order, and before the room is there. */
  readonly order: OrderSnapshot | undefined
  readonly actions: readonly Action[]
  readonly telling: Telling
  readonly me: string
  readonly staff: boolean
}

export const RoomContext = createContext<RoomOnScreen | undefined>(undefined)

export function useRoom(): RoomOnScreen {
  const room = useContext(RoomContext)
  if (!room) throw new Error('this is shown outside of a room')
  return room
}

export function useRoomOnScreen(id: string): RoomOnScreen {
  const { client, me, staff } = useSession()
  const room = client.room(id)
  const state = useStore(room)
  const { w, format } = useWords()
  return useMemo(() => {
    const order = state.snapshot?.kind === 'order' ? state.snapshot : undefined
    const telling = tellingOf(w, format, order, me.user)
    return { room, state, order, actions: state.snapshot?.actions ?? [], telling, me: me.user, staff }
  }, [room, state, w, format, me, staff])
}

export function allows(actions: readonly Action[], command: CommandKind): boolean {
  return actions.some(action => action.command === command && action.allowed)
}

/** How this person is called here; the other party's side for those who are no party. */
export function nameOf(state: RoomState, user: string): string {
  return state.members.find(member => member.user === user)?.name ?? user
}
