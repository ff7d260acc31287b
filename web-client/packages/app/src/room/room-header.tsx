import { ArrowLeft, PanelRight, Printer } from 'lucide-react'
import { numberOf } from '../inbox/lines'
import { Avatar } from '../parts/avatar'
import { IconButton } from '../parts/button'
import { Tag } from '../parts/tag'
import { go } from '../shell/router'
import { isLate, stateTone } from '../status/tone'
import { labelText } from '../words/sentences'
import { useWords } from '../words/use-words'
import { nameOf, useRoom, useRoomState } from './context'

interface Props {
  readonly statusShown: boolean
  readonly onStatus: () => void
  /** Where back leads; absent where the list is beside it. */
  readonly back?: string | undefined
}

export function RoomHeader({ statusShown, onStatus, back }: Props) {
  const { room, order, me, staff } = useRoom()
  const state = useRoomState()
  const { w, fill } = useWords()
  const parties = state.snapshot?.parties
  const other = parties && (parties.buyer.user === me ? parties.seller : parties.buyer)
  const member = state.members.find(({ user }) => user === other?.user)
  const who = !parties
    ? ''
    : staff
      ? `${parties.buyer.name} · ${parties.seller.name}`
      : fill(w.inbox.with, { name: other?.name ?? '' })
  const title = order?.listing.title ?? other?.name ?? ''
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line bg-surface px-3 sm:px-5">
      {back && <IconButton icon={ArrowLeft} label={w.room.back} className="-ms-1" onPress={() => go(back)} />}
      {!staff && other && (
        // On a phone the title needs the room; that the other is there says the line below it.
        <span className="contents max-sm:hidden">
          <Avatar name={other.name} presence={member?.presence} />
        </span>
      )}
      <div className="min-w-0 grow">
        <h1 dir="auto" className="truncate text-sm font-semibold text-ink">
          {title}
        </h1>
        <p className="truncate text-xs text-ink-2">
          {order && (
            <>
              <bdi>{numberOf(order)}</bdi> ·{' '}
            </>
          )}
          <Typing /> {!state.typing.length && who}
          {!state.typing.length && !staff && member && ` · ${w.room[member.presence]}`}
        </p>
      </div>
      {order && (
        <Tag tone={stateTone(order)}>
          {order.case
            ? w.status.cases[order.case.kind]
            : isLate(order)
              ? w.inbox.late
              : labelText(order.label, w)}
        </Tag>
      )}
      {state.snapshot && (
        <IconButton
          icon={Printer}
          label={w.print.open}
          className="max-sm:hidden"
          onPress={() => go(`/orders/${room.order}/print`)}
        />
      )}
      {order && (
        <IconButton
          id="order-status"
          icon={PanelRight}
          label={statusShown ? w.room.hideStatus : w.room.showStatus}
          aria-pressed={statusShown}
          className={statusShown ? 'text-accent' : ''}
          onPress={onStatus}
        />
      )}
    </header>
  )
}

function Typing() {
  const state = useRoomState()
  const { w, fill } = useWords()
  const [one, another] = state.typing
  if (one === undefined) return null
  return (
    <span className="text-accent">
      {another === undefined ? fill(w.room.typing, { name: nameOf(state, one) }) : w.room.typingMore}
    </span>
  )
}
