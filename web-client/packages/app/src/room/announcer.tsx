// Reads new entries of others aloud, each once. It stands beside the list: what scrolls into view is not news.

import type { Item } from '@order-chat/client'
import { useEffect, useRef, useState } from 'react'
import { actorName, eventText, type Telling } from '../words/sentences'
import { useRoom, useRoomState } from './context'

/** More than these at once are counted: nobody can listen to a whole absence. */
const READ_AT_ONCE = 5
/** What was read stays for a moment: a reader may still be at it. */
const KEEP = 2 * READ_AT_ONCE

interface Line {
  readonly key: string
  readonly text: string
}

export function Announcer() {
  const { telling, me } = useRoom()
  const state = useRoomState()
  const heard = useRef<number>(undefined)
  const [lines, setLines] = useState<readonly Line[]>([])
  useEffect(() => {
    const last = state.items.at(-1)?.entry.seq
    if (last === undefined || state.status !== 'live') return
    const before = heard.current
    heard.current = Math.max(before ?? 0, last)
    if (before === undefined || last <= before) return
    const news = newsAfter(state.items, before, me)
    if (news.length === 0) return
    const read = news.slice(-READ_AT_ONCE).map(item => ({ key: item.key, text: lineOf(item, telling) }))
    const more = news.length - read.length
    const counted = more > 0 ? [{ key: `until ${last}`, text: telling.w.room.newMessages(more) }] : []
    setLines(lines => [...lines, ...counted, ...read].slice(-KEEP))
  }, [state.items, state.status, telling, me])
  return (
    <div role="status" aria-live="polite" aria-atomic="false" aria-relevant="additions" className="sr-only">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  )
}

/** What others did since, from the oldest on. The chatbot's word for me is read by the bar that shows it. */
export function newsAfter(items: readonly Item[], heard: number, me: string): readonly Item[] {
  const first = items.findLastIndex(({ entry }) => entry.seq <= heard) + 1
  return items.slice(first).filter(({ entry }) => entry.by.user !== me && entry.event.type !== 'bot.prompted')
}

function lineOf({ entry, text }: Item, telling: Telling): string {
  const { by, event } = entry
  if (event.type !== 'message.posted') return eventText(event, by, telling)
  const said = [text, ...(event.files ?? []).map(({ name }) => name)].filter(Boolean)
  return `${actorName(by, telling)}: ${said.join(', ')}`
}
