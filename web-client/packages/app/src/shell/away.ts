// Whether there is no connection, for longer than a moment.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { useSession } from '../session/session'
import { useStore } from '../store'

/** A connection that comes back sooner is not talked about. */
const PATIENCE_MS = 1500

export function useAway(): boolean {
  const { client } = useSession()
  const state = useStore(client.connection)
  const lost = useLater(state.is !== 'connected' && state.is !== 'closed', PATIENCE_MS)
  const online = useOnline()
  return lost || !online
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
