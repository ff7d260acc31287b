// Reads new entries of others aloud. It stands beside the list: what scrolls into view is not news.

import { useEffect, useRef, useState } from 'react'
import { actorName, eventText } from '../words/sentences'
import { useRoom } from './context'

export function Announcer() {
  const { state, telling, me } = useRoom()
  const heard = useRef<number>(undefined)
  const [text, setText] = useState('')
  useEffect(() => {
    const last = state.items.at(-1)
    if (!last || state.status !== 'live') return
    const { seq, by, event } = last.entry
    const before = heard.current
    heard.current = seq
    if (before === undefined || seq <= before || by.user === me || event.type === 'bot.prompted') return
    setText(
      event.type === 'message.posted'
        ? `${actorName(by, telling)}: ${last.text ?? ''}`
        : eventText(event, by, telling),
    )
  }, [state.items, state.status, telling, me])
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {text}
    </p>
  )
}
