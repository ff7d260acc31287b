import { createContext, useContext, useMemo } from 'react'
import { useStore } from '../store'
import { Format } from './format'
import { fill, localeOf, spoken, type Words } from './words'

export interface Speech {
  readonly w: Words
  readonly format: Format
  readonly fill: typeof fill
}

/** Whether this is to be printed. */
export const OnPaper = createContext(false)

/** The words and formats of the reader's language. */
export function useWords(): Speech {
  const { tag, words } = useStore(spoken)
  const onPaper = useContext(OnPaper)
  return useMemo(
    () => ({ w: words, format: new Format(localeOf(tag), words, onPaper), fill }),
    [tag, words, onPaper],
  )
}
