// Desktop notifications: off until a person turns them on; one for each room, the newest; none while it is seen. Staff are
// told of cases that nobody has.

import type { InboxRoom, InboxView, QueuedCase } from '@order-chat/client'
import { useEffect } from 'react'
import { previewText } from '../inbox/lines'
import type { Api } from '../session/api'
import { useSession } from '../session/session'
import { useStore, Value } from '../store'
import { useWords } from '../words/use-words'
import { go } from './router'

export type Notices = 'on' | 'off' | 'forbidden' | 'unknown'

const KEY = 'order-chat.notices'
/** What is read as soon as it comes does not flicker on the tab. */
const SETTLE_MS = 150
const CASES_EVERY_MS = 30_000

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

/** Rooms in which something came since `before` that the reader has not read. As much may have been read meanwhile, on
 * another device, so that the number of unread entries is the same; then the last one tells. */
export function fresh(before: InboxView, after: InboxView, me: string): readonly InboxRoom[] {
  if (before.status !== 'ready') return []
  const known = new Map(before.rooms.map(room => [room.order, room]))
  return after.rooms.filter(({ order, unread, head, last }) => {
    const old = known.get(order)
    if (unread === 0 || head <= (old?.head ?? 0)) return false
    return unread > (old?.unread ?? 0) || (last?.by.user !== me && last?.at !== old?.last?.at)
  })
}

/** Tells of what comes while the page is not seen, and puts the number of unread entries on the application's icon. */
export function useNotices(): void {
  const { client, me, api, staff } = useSession()
  const { unread } = useStore(client.inbox)
  const { w } = useWords()
  const wanted = useStore(notices) === 'on'
  useEffect(() => {
    const timer = setTimeout(() => badge(unread.entries), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [unread.entries])
  // Who signs out leaves no number behind.
  useEffect(() => () => badge(0), [])
  useEffect(() => {
    if (!wanted || staff) return
    let before = client.inbox.getSnapshot()
    return client.inbox.subscribe(() => {
      const after = client.inbox.getSnapshot()
      const came = fresh(before, after, me.user)
      before = after
      if (document.hidden)
        for (const room of came) void tellOf(room, me.user, previewText(room, me.user, { w }))
    })
  }, [client, me.user, w, wanted, staff])
  useEffect(() => {
    if (!wanted || !staff) return
    return watchCases(api, one =>
      show(one.title, { tag: one.order, body: w.desk.kinds[one.kind] ?? one.kind }, `/desk/${one.order}`),
    )
  }, [api, w, wanted, staff])
}

/** Cases that nobody has and that were not there before. */
export function freshCases(
  before: readonly QueuedCase[],
  after: readonly QueuedCase[],
): readonly QueuedCase[] {
  const known = new Set(before.map(keyOf))
  return after.filter(one => one.claimed_by === undefined && !known.has(keyOf(one)))
}

/** An order may come to the desk again. */
function keyOf({ order, opened_at }: QueuedCase): string {
  return `${order} ${opened_at}`
}

/** Asks for the desk's queue while the page is not seen: who sees it sees the queue itself. */
function watchCases(api: Api, tell: (one: QueuedCase) => void): () => void {
  let before: readonly QueuedCase[] | undefined
  const look = async () => {
    if (!document.hidden) {
      before = undefined
      return
    }
    // What cannot be asked now is asked the next time.
    const after = await api.deskQueue().catch(() => undefined)
    if (!after || !document.hidden) return
    if (before) for (const one of freshCases(before, after.cases)) tell(one)
    before = after.cases
  }
  const timer = setInterval(look, CASES_EVERY_MS)
  document.addEventListener('visibilitychange', look)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  }
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

function seenBy(user: string, order: string): string {
  return `order-chat.seen/${user}/${order}`
}

async function tellOf(room: InboxRoom, user: string, body: string): Promise<void> {
  const held = 'locks' in navigator ? (await navigator.locks.query()).held : undefined
  if (held?.some(({ name }) => name === seenBy(user, room.order))) return
  const title = room.title ? `${room.title} · ${room.other.name}` : room.other.name
  show(title, { body, tag: room.order }, `/orders/${room.order}`)
}

function badge(unread: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  const href = unread > 0 ? '/icon-unread.svg' : '/icon.svg'
  if (icon && icon.getAttribute('href') !== href) icon.href = href
  const app = navigator as { setAppBadge?: (count: number) => Promise<void> }
  app.setAppBadge?.(unread).catch(() => undefined)
}

function show(title: string, said: { body: string; tag: string }, place: string): void {
  const notice = new Notification(title, { ...said, icon: '/icon-192.png' })
  notice.onclick = () => {
    window.focus()
    go(place)
    notice.close()
  }
}
