// Two lines of one conversation: what it is about and with whom; then what I am asked to do, else what happened last.

import { Pencil } from 'lucide-react'
import { memo } from 'react'
import { Avatar } from '../parts/avatar'
import { Count } from '../parts/tag'
import { follow } from '../shell/router'
import { labelText } from '../words/sentences'
import { useWords } from '../words/use-words'
import { type Line, previewText } from './lines'

interface Props {
  readonly line: Line
  readonly me: string
  /** Where title and name are those of another order too. */
  readonly number: string | undefined
  readonly here: boolean
  readonly draft: boolean
  /** One of them is on the way of the Tab key; arrow keys lead to the others. */
  readonly onTheWay: boolean
  readonly now: number
}

export const ConversationLine = memo(function ConversationLine({
  line,
  me,
  number,
  here,
  draft,
  onTheWay,
  now,
}: Props) {
  const { room, turn, late, until, with: open } = line
  const { w, format } = useWords()
  const left = until ? format.left(until, now) : undefined
  const unread = room.unread > 0
  const step = w.shortSteps[room.next_step?.code ?? ''] ?? w.inbox.yourTurn
  return (
    <a
      href={`/orders/${room.order}`}
      onClick={follow}
      aria-current={here ? 'page' : undefined}
      data-conversation
      tabIndex={onTheWay ? undefined : -1}
      className={`flex items-start gap-3 rounded-lg px-3 py-2.5 -outline-offset-2 ${here ? 'bg-accent-soft' : 'hover:bg-raised'}`}
    >
      <Avatar name={room.other.name} size={36} />
      <div className="flex min-w-0 grow flex-col">
        <div className="flex items-baseline gap-2">
          <span
            dir="auto"
            className={`min-w-0 grow truncate text-sm text-ink ${unread ? 'font-semibold' : 'font-medium'}`}
          >
            {room.title ?? room.other.name}
          </span>
          {room.last && (
            <time
              dateTime={room.last.at}
              title={format.exact(room.last.at)}
              className="text-xs whitespace-nowrap text-ink-3"
            >
              {format.short(room.last.at)}
            </time>
          )}
        </div>
        <span className="truncate text-xs text-ink-3">
          {number && (
            <>
              <bdi>{number}</bdi> ·{' '}
            </>
          )}
          {room.title ? <bdi>{room.other.name}</bdi> : w.inbox.talk}
          {room.label && !late && !open && ` · ${labelText(room.label, w)}`}
          {late && <span className="font-medium text-danger"> · {w.inbox.late}</span>}
          {open && <span className="font-medium text-danger"> · {w.status.cases[open]}</span>}
        </span>
        <div className="mt-0.5 flex min-h-5 items-center gap-2">
          {turn && (
            <span
              role="img"
              aria-label={w.inbox.yourTurn}
              title={w.inbox.yourTurn}
              className="badge size-2 shrink-0 rounded-full bg-accent"
            />
          )}
          <span
            className={`flex min-w-0 grow items-center gap-1 text-xs ${turn || unread ? 'font-medium text-ink' : 'text-ink-2'}`}
          >
            {draft && (
              <Pencil size={12} strokeWidth={1.5} className="text-attention" aria-label={w.inbox.draft} />
            )}
            <span dir="auto" className={`min-w-0 truncate ${turn && left ? '' : 'grow'}`}>
              {turn ? step : previewText(room, me, { w })}
            </span>
            {/* That it is late says the line above; how much time is left is never cut. */}
            {turn && left && left.urgency !== 'over' && (
              <span
                className={`shrink-0 ${left.urgency === 'soon' ? 'text-attention' : 'font-normal text-ink-2'}`}
              >
                · {left.text}
              </span>
            )}
          </span>
          <Count n={room.unread} label={w.nav.unread(room.unread)} />
        </div>
      </div>
    </a>
  )
})
