// The database's clock as the socket's welcome tells it: countdowns run by it, not by this machine's.

import { useEffect, useState } from 'react'

let aheadMs = 0

/** `at`: the server's time just now. */
export function setServerTime(at: string): void {
  aheadMs = Date.parse(at) - Date.now()
}

export function serverNow(): number {
  return Date.now() + aheadMs
}

/** Now, anew every `everyMs`; a hidden page is not woken. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const look = () => {
      if (!document.hidden) setNow(serverNow())
    }
    const timer = setInterval(look, everyMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [everyMs])
  return now
}
