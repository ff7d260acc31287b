// How a case ended, for the agent who saw it: with the case ends the right to read on.

import type { Entry, RoomState } from '@order-chat/client'
import { useRef } from 'react'
import { useSession } from '../session/session'
import { eventText, tellingOf } from '../words/sentences'
import { useWords } from '../words/use-words'

const ENDS: ReadonlySet<string> = new Set([
  'dispute.resolved',
  'dispute.withdrawn',
  'resolution.agreed',
  'cancel.agreed',
  'cancel.approved',
  'cancel.rejected',
  'cancel.withdrawn',
])

/** The sentence of the last end that was heard in the room. */
export function useEnding({ entries, snapshot }: RoomState): string | undefined {
  const { me } = useSession()
  const { w, format } = useWords()
  // What is kept of a room that is lost is for the client to decide.
  const heard = useRef<{ entry?: Entry | undefined; snapshot?: RoomState['snapshot'] }>({})
  const last = entries.findLast(({ event }) => ENDS.has(event.type))
  if (last) heard.current = { entry: last, snapshot: snapshot ?? heard.current.snapshot }
  const { entry, snapshot: seen } = heard.current
  const order = seen?.kind === 'order' ? seen : undefined
  return entry && eventText(entry.event, entry.by, tellingOf(w, format, order, me.user))
}
