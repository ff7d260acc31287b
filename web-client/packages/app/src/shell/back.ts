// What lies over the page goes away by Back, before the page does.

import { useEffect, useRef } from 'react'

/** As long as it is mounted, the browser's Back closes it. */
export function useBackCloses(close: () => void): void {
  const latest = useRef(close)
  latest.current = close
  useEffect(() => {
    const mine = `over ${performance.now()}`
    window.history.pushState(mine, '')
    const back = () => latest.current()
    window.addEventListener('popstate', back)
    return () => {
      window.removeEventListener('popstate', back)
      // Closed otherwise: its place in the history goes with it, unless somebody went on from there.
      if (window.history.state === mine) window.history.back()
    }
  }, [])
}
