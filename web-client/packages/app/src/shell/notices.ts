// Desktop notifications: off until a person turns them on; one for each room, the newest; none while it is seen.

import { useEffect, useState } from 'react'
import { useSession } from '../session/session'
import { browserStorage } from '../storage'
import { useStore, Value } from '../store'
import { useWords } from '../words/use-words'

export type Notices = 'on' | 'off' | 'forbidden' | 'unknown'

const KEY = 'order-chat.notices'
/** What is read as soon as it comes does not flicker on the tab. */
const SETTLE_MS = 150

export const notices = new Value<Notices>(now())

function now(): Notices {
  if (!('Notification' in globalThis)) return 'unknown'
  if (Notification.permission === 'denied') return 'forbidden'
  return Notification.permission === 'granted' && browserStorage.getItem(KEY) === 'on' ? 'on' : 'off'
}

/** What it came to: a browser may not allow it. */
export async function turnNotices(to: 'on' | 'off'): Promise<Notices> {
  if (to === 'on' && Notification.permission === 'default') await Notification.requestPermission()
  browserStorage.setItem(KEY, to)
  const came = now()
  notices.set(came)
  return came
}

/** Tells of what comes while the page is not seen, and puts the number of unread entries on the application's icon. */
export function useNotices(): void {
  const session = useSession()
  const { unread } = useStore(session.client.inbox)
  const { w } = useWords()
  const wanted = useStore(notices) === 'on'
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => badge(unread.entries), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [unread.entries])
  // Who signs out leaves no number behind.
  useEffect(() => () => badge(0), [])
  useEffect(() => {
    if (!wanted) return
    const over = new AbortController()
    const { signal } = over
    const again = () => setTries(tries + 1)
    import('./tell').then(
      ({ tell }) => signal.aborted || tell(session, w, signal),
      () => {
        document.addEventListener('visibilitychange', again, { signal })
        window.addEventListener('online', again, { signal })
      },
    )
    return () => over.abort()
  }, [session, w, wanted, tries])
}

/** While somebody sees a conversation here, their other tabs do not tell of it: each tab holds a lock for what it shows. */
export function useSeen(order: string | undefined): void {
  const { me } = useSession()
  useEffect(() => {
    if (order === undefined || !('locks' in navigator)) return
    let leave = () => {}
    const look = () => {
      leave()
      if (document.hidden) return
      const left = new Promise<void>(done => {
        leave = done
      })
      void navigator.locks.request(seenBy(me.user, order), { mode: 'shared' }, () => left)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      leave()
    }
  }, [me.user, order])
}

export function seenBy(user: string, order: string): string {
  return `order-chat.seen/${user}/${order}`
}

function badge(unread: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  const href = unread > 0 ? '/icon-unread.svg' : '/icon.svg'
  if (icon && icon.getAttribute('href') !== href) icon.href = href
  const app = navigator as { setAppBadge?: (count: number) => Promise<void> }
  app.setAppBadge?.(unread).catch(() => undefined)
}
