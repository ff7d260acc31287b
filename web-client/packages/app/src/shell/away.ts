// Whether there is no connection, for longer than a moment.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { useSessionIfAny } from '../session/session'
import { useStore, Value } from '../store'

/** A connection that comes back sooner is not talked about. */
const PATIENCE_MS = 1500
/** What is shown to nobody in particular, as in the gallery, has no connection to lose. */
const CONNECTED = new Value({ is: 'connected' })

export function useAway(): boolean {
  const session = useSessionIfAny()
  const state = useStore<{ is: string }>(session?.client.connection ?? CONNECTED)
  const lost = state.is !== 'connected' && state.is !== 'closed'
  const long = useLater(lost, PATIENCE_MS)
  const online = useOnline()
  // A browser that says it has no network may be wrong: then the connection comes back.
  return lost && (long || !online)
}

/** What the browser says of its network. */
export function useOnline(): boolean {
  return useSyncExternalStore(watchOnline, () => navigator.onLine)
}

function watchOnline(changed: () => void): () => void {
  window.addEventListener('online', changed)
  window.addEventListener('offline', changed)
  return () => {
    window.removeEventListener('online', changed)
    window.removeEventListener('offline', changed)
  }
}

/** True once `now` has held for a while; false at once. */
function useLater(now: boolean, afterMs: number): boolean {
  const [later, setLater] = useState(false)
  useEffect(() => {
    if (!now) {
      setLater(false)
      return
    }
    const timer = setTimeout(() => setLater(true), afterMs)
    return () => clearTimeout(timer)
  }, [now, afterMs])
  return later
}
