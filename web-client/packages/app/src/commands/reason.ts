import type { Action } from '@order-chat/client'
import { useWords } from '../words/use-words'

/** Why not, and from when: the service's own sentence in English, the catalogue's by its code elsewhere. */
export function useReason(): (action: Action) => string {
  const { w, format, fill } = useWords()
  return ({ code, message, allowed_from }) => {
    const why = w.reasons[code ?? ''] ?? message ?? ''
    return allowed_from ? `${why} ${fill(w.actions.from, { at: format.moment(allowed_from) })}.` : why
  }
}
