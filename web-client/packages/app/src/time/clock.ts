// The database's clock as the socket's welcome tells it: countdowns run by it, not by this machine's.

import { useEffect, useState } from 'react'

let aheadMs: number | undefined

/** It was `at` on the server when it was `heardAt` on this machine, in this tab or another one. */
export function setServerTime(at: string, heardAt: number): void {
  aheadMs = Date.parse(at) - heardAt
}

/** Whether the server's time was heard at all. */
export function isServerTimeKnown(): boolean {
  return aheadMs !== undefined
}

/** The server's clock; this machine's until it was heard. */
export function serverNow(): number {
  return Date.now() + (aheadMs ?? 0)
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
