import { memo } from 'react'
import { CardRow } from '../entries/card-row'
import { EventRow, PromptRow } from '../entries/event-row'
import { useWords } from '../words/use-words'
import { useRoomIfAny } from './context'
import { MessageRow } from './message-row'
import { PendingRow, WaitingRow } from './pending-row'
import type { Row } from './rows'

export const TimelineRow = memo(function TimelineRow({ row }: { row: Row }) {
  switch (row.kind) {
    case 'message':
      return <MessageRow item={row.item} mine={row.mine} first={row.first} last={row.last} />
    case 'pending':
      return <PendingRow pending={row.pending} first={row.first} last={row.last} />
    case 'waiting':
      return <WaitingRow pending={row.pending} />
    case 'event':
      return <EventRow item={row.item} />
    case 'prompt':
      return <PromptRow item={row.item} />
    case 'card':
      return <CardRow item={row.item} outcome={row.outcome} />
    default:
      return <Divider row={row} />
  }
})

function Divider({ row }: { row: Extract<Row, { kind: 'start' | 'day' | 'unread' }> }) {
  const { w, format } = useWords()
  const order = useRoomIfAny()?.order
  if (row.kind === 'start')
    return (
      <p className="px-6 pt-4 pb-1 text-center text-xs text-ink-3">
        {order ? w.room.start : w.room.startTalk}
      </p>
    )
  const unread = row.kind === 'unread'
  const line = `h-px grow ${unread ? 'bg-accent' : 'bg-line'}`
  return (
    <h2
      className={`flex items-center gap-3 px-4 py-3 text-xs font-medium sm:px-6 ${unread ? 'text-accent' : 'text-ink-3'}`}
    >
      <span className={line} />
      {unread ? w.room.unreadFrom : format.day(row.at)}
      <span className={line} />
    </h2>
  )
}
