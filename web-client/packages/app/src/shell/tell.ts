// Tells of what comes while the page is not seen. Loaded for whoever wants to be told.

import type { InboxRoom, InboxView, QueuedCase } from '@order-chat/client'
import { previewText } from '../inbox/lines'
import type { Api } from '../session/api'
import type { Session } from '../session/session'
import type { Words } from '../words/words'
import { notices, seenBy } from './notices'
import { go } from './router'

const CASES_EVERY_MS = 30_000
const INSTALL_MS = 10_000
/** None on a connection that is not secure. */
const workers = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker

/** Until the signal ends it. Staff are told of cases that nobody has. */
export function tell({ client, me, api, staff }: Session, w: Words, signal: AbortSignal): void {
  // The worker asks who is here, and says where one that it showed leads when it is pressed.
  const follow = ({ data, ports }: MessageEvent<{ user: string; place?: string }>) => {
    if (data.user !== me.user) return
    if (data.place === undefined) ports[0]?.postMessage('here')
    else go(data.place)
  }
  workers?.addEventListener('message', follow as EventListener, { signal })
  if (staff) {
    const about = (one: QueuedCase) =>
      show(
        one.title,
        { tag: one.order, body: w.desk.kinds[one.kind] ?? one.kind },
        { place: `/desk/${one.order}`, user: me.user },
      )
    return watchCases(api, about, signal)
  }
  let before = client.inbox.getSnapshot()
  const stop = client.inbox.subscribe(() => {
    const after = client.inbox.getSnapshot()
    const came = fresh(before, after, me.user)
    before = after
    if (document.hidden)
      for (const room of came) void tellOf(room, me.user, previewText(room, me.user, { w }))
  })
  signal.addEventListener('abort', stop)
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
function watchCases(api: Api, about: (one: QueuedCase) => void, signal: AbortSignal): void {
  let before: readonly QueuedCase[] | undefined
  const look = async () => {
    if (!document.hidden) {
      before = undefined
      return
    }
    // What cannot be asked now is asked the next time.
    const after = await api.deskQueue().catch(() => undefined)
    if (!after || !document.hidden || signal.aborted) return
    if (before) for (const one of freshCases(before, after.cases)) about(one)
    before = after.cases
  }
  const timer = setInterval(look, CASES_EVERY_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
  document.addEventListener('visibilitychange', look, { signal })
}

async function tellOf(room: InboxRoom, user: string, body: string): Promise<void> {
  const held = 'locks' in navigator ? (await navigator.locks.query()).held : undefined
  if (held?.some(({ name }) => name === seenBy(user, room.order))) return
  const title = room.title ? `${room.title} · ${room.other.name}` : room.other.name
  show(title, { body, tag: room.order }, { place: `/orders/${room.order}`, user })
}

/** Whom a notification is for, and where it leads. */
interface Target {
  readonly place: string
  readonly user: string
}

/** A page's own notification, or, where a page may show none, its worker's. */
export function show(title: string, said: { body: string; tag: string }, to: Target): void {
  const options = { ...said, icon: '/icon-192.png' }
  try {
    const notice = new Notification(title, options)
    notice.onclick = () => {
      window.focus()
      go(to.place)
      notice.close()
    }
  } catch {
    // As in Chrome for Android.
    void showByWorker({ title, options, ...to })
  }
}

/** Without a worker none can be shown, and none is offered any more. One that is still being installed is waited for. */
async function showByWorker(notice: unknown): Promise<void> {
  const late = new Promise<undefined>(resolve => setTimeout(resolve, INSTALL_MS))
  const worker = (await Promise.race([workers?.ready, late]))?.active
  if (worker) worker.postMessage(notice)
  else notices.set('unknown')
}
