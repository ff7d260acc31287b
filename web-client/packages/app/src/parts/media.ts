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

/** One pane, two, or three. The same widths as in tokens.css. */
export function usePanes(): 1 | 2 | 3 {
  const two = useMedia('(min-width: 860px)')
  const three = useMedia('(min-width: 1180px)')
  return three ? 3 : two ? 2 : 1
}
