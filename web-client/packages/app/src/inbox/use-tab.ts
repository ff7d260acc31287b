// One tab of the conversation list. The client's own list is of all rooms and live; what it has not paged in yet is asked
// for here, and so are the counts, whenever a room changes its tab.

import type { InboxPage, InboxRoom, InboxTab } from '@order-chat/client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { lineOf, tabOf } from './lines'

export type Counts = Readonly<Partial<Record<InboxTab, number>>>

export interface Tab {
  readonly rooms: readonly InboxRoom[]
  readonly counts: Counts
  readonly more: (() => void) | undefined
}

/** Several rooms often move together. */
const SETTLE_MS = 300
const COUNTS_ONLY = 1

export function useTab(tab: InboxTab): Tab {
  const { client, api } = useSession()
  const inbox = useStore(client.inbox)
  const [asked, setAsked] = useState<{ tab: InboxTab; page: InboxPage }>()
  const live = useMemo(() => new Set(inbox.rooms.map(({ order }) => order)), [inbox.rooms])
  const places = inbox.rooms.map(room => `${room.order}${tabOf(lineOf(room))}`).join()
  const latest = useRef(tab)
  latest.current = tab
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when a room changes its tab
  useEffect(() => {
    const ask = () => {
      const page = api.inboxPage(tab, undefined, tab === 'all' ? COUNTS_ONLY : undefined)
      // What failed is asked for again with the next change; until then the older counts stand.
      page.then(
        page => latest.current === tab && setAsked({ tab, page }),
        () => {},
      )
    }
    const timer = setTimeout(ask, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [api, tab, places])

  const counts = asked?.page.tabs ?? inbox.tabs
  if (tab === 'all') {
    const more = inbox.next === undefined ? undefined : () => void client.moreInbox()
    return { rooms: inbox.rooms, counts, more }
  }
  const here = asked?.tab === tab ? asked.page : undefined
  const others = here?.rooms.filter(({ order }) => !live.has(order)) ?? []
  const rooms = [...inbox.rooms, ...others].filter(room => tabOf(lineOf(room)) === tab)
  const next = here?.next
  const more = async () => {
    const page = await api.inboxPage(tab, next)
    setAsked(before =>
      before?.tab === tab ? { tab, page: { ...page, rooms: [...before.page.rooms, ...page.rooms] } } : before,
    )
  }
  return { rooms, counts, more: next === undefined ? undefined : () => void more() }
}
