import type { Need } from '@order-chat/client'
import { useRoom } from '../room/context'
import { useWords } from '../words/use-words'
import type { Problem } from './form'

/** What is wrong with a field, in words. */
export function useProblemText(): (problem: Problem | undefined, need?: Need) => string | undefined {
  const { w, format, fill } = useWords()
  const { order } = useRoom()
  const limit = (value: Need['min'], need: Need) => {
    if (value === undefined) return '–'
    if (need.kind === 'moment') return format.moment(String(value))
    if (need.kind === 'amount')
      return format.money({ amount: Number(value), currency: order?.price.currency ?? 'USD' })
    return String(value)
  }
  return (problem, need) => {
    switch (problem) {
      case undefined:
        return undefined
      case 'required':
        return w.dialog.required
      case 'tick':
        return w.dialog.tickNeeded
      case 'nothing_changed':
        return w.dialog.nothingChanged
      case 'same_answers':
        return w.dialog.sameAnswers
      case 'files':
        return w.dialog.atLeastOneFile
      case 'number':
        return need?.kind === 'amount' ? w.dialog.notAnAmount : w.dialog.notANumber
      case 'link':
        return w.dialog.noLink
      case 'range':
        return need
          ? fill(w.dialog.outOfRange, { min: limit(need.min, need), max: limit(need.max, need) })
          : w.dialog.notANumber
    }
  }
}
