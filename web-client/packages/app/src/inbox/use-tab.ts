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
  /** What was asked for last and did not come; asking again. */
  readonly failed: Failure | undefined
}

export interface Failure {
  /** Whether it was the first page: what is shown may be old. */
  readonly first: boolean
  readonly retry: () => void
}

/** Several rooms often move together. */
const SETTLE_MS = 300
const COUNTS_ONLY = 1

export function useTab(tab: InboxTab): Tab {
  const { client, api } = useSession()
  const inbox = useStore(client.inbox)
  const [asked, setAsked] = useState<{ tab: InboxTab; page: InboxPage }>()
  const [missed, setMissed] = useState<{ tab: InboxTab; first: boolean }>()
  const [turn, setTurn] = useState(0)
  const live = useMemo(() => new Set(inbox.rooms.map(({ order }) => order)), [inbox.rooms])
  const places = inbox.rooms.map(room => `${room.order}${tabOf(lineOf(room))}`).join()
  const latest = useRef(tab)
  latest.current = tab
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when a room changes its tab
  useEffect(() => {
    const ask = () => {
      const page = api.inboxPage(tab, undefined, tab === 'all' ? COUNTS_ONLY : undefined)
      page.then(
        page => {
          if (latest.current !== tab) return
          setAsked({ tab, page })
          setMissed(undefined)
        },
        // Counts that failed are asked for again with the next change; until then the older ones stand.
        () => latest.current === tab && tab !== 'all' && setMissed({ tab, first: true }),
      )
    }
    const timer = setTimeout(ask, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [api, tab, places, turn])

  const counts = asked?.page.tabs ?? inbox.tabs
  if (tab === 'all') {
    const more = inbox.next === undefined ? undefined : () => void client.moreInbox()
    const first = inbox.status === 'failed'
    const retry = () => void (first ? client.loadInbox() : client.moreInbox())
    return {
      rooms: inbox.rooms,
      counts,
      more,
      failed: inbox.problem === undefined ? undefined : { first, retry },
    }
  }
  const here = asked?.tab === tab ? asked.page : undefined
  const others = here?.rooms.filter(({ order }) => !live.has(order)) ?? []
  const rooms = [...inbox.rooms, ...others].filter(room => tabOf(lineOf(room)) === tab)
  const next = here?.next
  const ask = async () => {
    try {
      const page = await api.inboxPage(tab, next)
      setAsked(before =>
        before?.tab === tab && before.page.next === next
          ? { tab, page: { ...page, rooms: [...before.page.rooms, ...page.rooms] } }
          : before,
      )
      setMissed(undefined)
    } catch {
      setMissed({ tab, first: false })
    }
  }
  const more = () => void ask()
  const failed =
    missed?.tab === tab
      ? { first: missed.first, retry: missed.first ? () => setTurn(n => n + 1) : more }
      : undefined
  return { rooms, counts, more: next === undefined ? undefined : more, failed }
}
