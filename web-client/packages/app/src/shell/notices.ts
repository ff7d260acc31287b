// Desktop notifications: off until a person turns them on; one for each room, the newest; none while the page is seen.

import type { InboxRoom, InboxView } from '@order-chat/client'
import { useEffect } from 'react'
import { previewText } from '../inbox/lines'
import { useSession } from '../session/session'
import { useStore, Value } from '../store'
import { useWords } from '../words/use-words'
import { go } from './router'

export type Notices = 'on' | 'off' | 'forbidden' | 'unknown'

const KEY = 'order-chat.notices'
/** What is read as soon as it comes does not flicker on the tab. */
const SETTLE_MS = 150

export const notices = new Value<Notices>(now())

function now(): Notices {
  if (!('Notification' in globalThis)) return 'unknown'
  if (Notification.permission === 'denied') return 'forbidden'
  return Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on' ? 'on' : 'off'
}

export async function turnNotices(to: 'on' | 'off'): Promise<void> {
  if (to === 'on' && Notification.permission === 'default') await Notification.requestPermission()
  localStorage.setItem(KEY, to)
  notices.set(now())
}

/** Rooms in which something came since `before` that the reader has not read. */
export function fresh(before: InboxView, after: InboxView): readonly InboxRoom[] {
  if (before.status !== 'ready') return []
  const known = new Map(before.rooms.map(room => [room.order, room]))
  return after.rooms.filter(room => {
    const old = known.get(room.order)
    return room.unread > (old?.unread ?? 0) && room.head > (old?.head ?? 0)
  })
}

/** Tells of what comes, and puts the number of unread entries on the tab and the application's icon. */
export function useNotices(staff: boolean): void {
  const { client, me } = useSession()
  const { unread } = useStore(client.inbox)
  const { w } = useWords()
  const wanted = useStore(notices) === 'on'
  useEffect(() => {
    const timer = setTimeout(() => badge(unread.entries, w.nav.product), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [unread.entries, w])
  useEffect(() => {
    if (!wanted || staff) return
    let before = client.inbox.getSnapshot()
    return client.inbox.subscribe(() => {
      const after = client.inbox.getSnapshot()
      const came = fresh(before, after)
      before = after
      if (document.hidden) for (const room of came) show(room, previewText(room, me.user, { w }))
    })
  }, [client, me.user, w, wanted, staff])
}

function badge(unread: number, product: string): void {
  document.title = unread > 0 ? `(${unread}) ${product}` : product
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  const href = unread > 0 ? '/icon-unread.svg' : '/icon.svg'
  if (icon && icon.getAttribute('href') !== href) icon.href = href
  const app = navigator as { setAppBadge?: (count: number) => Promise<void> }
  app.setAppBadge?.(unread).catch(() => undefined)
}

function show(room: InboxRoom, body: string): void {
  const title = room.title ? `${room.title} · ${room.other.name}` : room.other.name
  const notice = new Notification(title, { body, tag: room.order, icon: '/icon-192.png' })
  notice.onclick = () => {
    window.focus()
    go(`/orders/${room.order}`)
    notice.close()
  }
}
