import type { Action, CommandKind, Refusal } from '@order-chat/client'
import { useRoomIfAny } from '../room/context'
import { refusalText } from '../words/problems'
import { useWords } from '../words/use-words'

/** Why not, and from when. */
export function useReason(): (refused: Action | Refusal, command: CommandKind) => string {
  const { w, format, fill } = useWords()
  const order = useRoomIfAny()?.order
  return (refused, command) => {
    const from = 'allowedFrom' in refused ? refused.allowedFrom : (refused as Action).allowed_from
    const why = refusalText(refused, w, command === 'request_cancel' ? order : undefined)
    return from ? `${why} ${fill(w.actions.from, { at: format.moment(from) })}.` : why
  }
}
