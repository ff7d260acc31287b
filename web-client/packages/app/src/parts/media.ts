import { useCallback, useSyncExternalStore } from 'react'

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}

const TWO = '(min-width: 860px)'
const THREE = '(min-width: 1180px)'

/** One pane, two, or three. The same widths as in tokens.css. */
export function usePanes(): 1 | 2 | 3 {
  const two = useMedia(TWO)
  const three = useMedia(THREE)
  return three ? 3 : two ? 2 : 1
}

/** For what has to know before anything is shown. */
export function hasThreePanes(): boolean {
  return window.matchMedia(THREE).matches
}
