// The room that is on the screen, for everything inside it: what changes with the order, and apart from it what changes with
// every entry, so that an entry that comes draws nothing anew but itself.

import type { Action, CommandKind, OrderSnapshot, Room, RoomState } from '@order-chat/client'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useSession } from '../session/session'
import { useAway } from '../shell/away'
import { useStore } from '../store'
import { type Telling, tellingOf } from '../words/sentences'
import { useWords } from '../words/use-words'
import { type RoomWriting, writingIn } from './writing'

export interface RoomOnScreen {
  readonly room: Room
  /** Absent in a conversation without an order, and before the room is there. */
  readonly order: OrderSnapshot | undefined
  /** Without those that would contradict what waits. */
  readonly actions: readonly Action[]
  /** What was done without a connection, until it is answered. */
  readonly waits: readonly CommandKind[]
  readonly telling: Telling
  readonly me: string
  readonly staff: boolean
}

const OnScreen = createContext<RoomOnScreen | undefined>(undefined)
const State = createContext<RoomState | undefined>(undefined)
const SeenTo = createContext(0)

export function RoomAround({
  seen,
  state,
  children,
}: {
  seen: RoomOnScreen
  state: RoomState
  children: ReactNode
}) {
  return (
    <OnScreen value={seen}>
      <State value={state}>
        <SeenTo value={seenTo(state, seen.me)}>{children}</SeenTo>
      </State>
    </OnScreen>
  )
}

export function useRoom(): RoomOnScreen {
  return there(useContext(OnScreen))
}

/** For what is shown outside of a room too: the gallery. */
export function useRoomIfAny(): RoomOnScreen | undefined {
  return useContext(OnScreen)
}

/** Changes with every entry: not for what stands in the timeline many times. */
export function useRoomState(): RoomState {
  return there(useContext(State))
}

/** What this person writes here. */
export function useWriting(): RoomWriting {
  const { room, me } = useRoom()
  return writingIn(room, me)
}

/** How far any other has read. */
export function useSeenTo(): number {
  return useContext(SeenTo)
}

const nothing: readonly Action[] = []

export function useRoomOnScreen(id: string): { seen: RoomOnScreen; state: RoomState } {
  const { client, me, staff } = useSession()
  const room = client.room(id)
  const state = useStore(room)
  const { w, format } = useWords()
  const order = state.snapshot?.kind === 'order' ? state.snapshot : undefined
  const waits = useWaits(state, room)
  const all = state.snapshot?.actions ?? nothing
  const actions = useMemo(() => offered(all, order, waits), [all, order, waits])
  const { user } = me
  const telling = useMemo(() => tellingOf(w, format, order, user), [w, format, order, user])
  const seen = useMemo(
    () => ({ room, order, actions, waits, telling, me: user, staff }),
    [room, order, actions, waits, telling, user, staff],
  )
  return { seen, state }
}

/** One of the acts of the next step was done without a connection: the others wait for what becomes of it. */
export function offered(
  actions: readonly Action[],
  order: OrderSnapshot | undefined,
  waits: readonly CommandKind[],
): readonly Action[] {
  const step = order?.next_step.you?.actions ?? []
  if (!step.some(kind => waits.includes(kind))) return actions
  return actions.map(action =>
    step.includes(action.command) ? { ...action, allowed: false, code: 'waiting' as never } : action,
  )
}

type Unanswered = ReadonlyMap<string, CommandKind>

/** By room: what was done while there was no connection, as long as it is not answered. */
const unanswered = new WeakMap<Room, Unanswered>()

export function waitsIn(room: Room): readonly CommandKind[] {
  return [...(unanswered.get(room)?.values() ?? [])]
}

/** What is given while there is a connection is answered in a moment; what was not, stays until it is. Pure. */
export function stillUnanswered(
  pending: RoomState['pending'],
  away: boolean,
  before: Unanswered | undefined,
): Unanswered {
  const waiting = pending.filter(({ id, state }) => state !== 'refused' && (away || before?.has(id) === true))
  return new Map(waiting.map(({ id, command }) => [id, command.type]))
}

/** The same list as long as the same is in it. */
function useWaits({ pending }: RoomState, room: Room): readonly CommandKind[] {
  const away = useAway()
  unanswered.set(room, stillUnanswered(pending, away, unanswered.get(room)))
  const key = waitsIn(room).join()
  return useMemo(() => (key ? (key.split(',') as CommandKind[]) : []), [key])
}

export function allows(actions: readonly Action[], command: CommandKind): boolean {
  return actions.some(action => action.command === command && action.allowed)
}

/** How this person is called here; who is no member any more by what they did. */
export function nameOf({ members, entries }: RoomState, user: string): string {
  const member = members.find(member => member.user === user)
  return member?.name ?? entries.findLast(({ by }) => by.user === user)?.by.name ?? user
}

function seenTo({ cursors }: RoomState, me: string): number {
  const others = Object.entries(cursors).filter(([user]) => user !== me)
  return Math.max(0, ...others.map(([, seq]) => seq))
}

function there<T>(value: T | undefined): T {
  if (!value) throw new Error('this is shown outside of a room')
  return value
}
