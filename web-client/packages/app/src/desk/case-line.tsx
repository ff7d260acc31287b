import type { QueuedCase } from '@order-chat/client'
import { CircleX, Hourglass, Scale } from 'lucide-react'
import { numberOf } from '../inbox/lines'
import { Tag } from '../parts/tag'
import { useSession } from '../session/session'
import { follow } from '../shell/router'
import { useNow } from '../time/clock'
import { useWords } from '../words/use-words'
import { holderOf, isFree } from './holder'

const icons = { dispute: Scale, cancel: CircleX, idle: Hourglass }

/** A case waits too long for somebody after this. */
const LONG_MS = 15 * 60_000

export function CaseLine({ one, here }: { one: QueuedCase; here: boolean }) {
  const { w, format, fill } = useWords()
  const { me } = useSession()
  const now = useNow(10_000)
  const Icon = icons[one.kind]
  const waits = now - Date.parse(one.opened_at)
  const span = format.left(one.opened_at, now).text
  const holder = holderOf(one, me.user, now)
  return (
    <a
      href={`/desk/${one.order}`}
      onClick={follow}
      data-conversation
      aria-current={here ? 'page' : undefined}
      className={`flex items-start gap-3 border-b border-line px-4 py-3 -outline-offset-2 last:border-0 ${here ? 'bg-accent-soft' : 'hover:bg-raised/60'}`}
    >
      <Icon size={18} strokeWidth={1.5} aria-hidden className="mt-0.5 text-danger" />
      <div className="min-w-0 grow">
        <p className="flex items-baseline justify-between gap-3">
          <span dir="auto" className="truncate text-sm font-medium">
            {one.title}
          </span>
          <span
            title={format.exact(one.opened_at)}
            className={`text-xs whitespace-nowrap ${isFree(holder) && waits > LONG_MS ? 'font-medium text-danger' : 'text-ink-2'}`}
          >
            {fill(w.desk.waiting, { span })}
          </span>
        </p>
        <p className="text-xs text-ink-2">
          {w.desk.kinds[one.kind]} {one.by ? w.desk.by[one.by] : w.desk.byClock} · <bdi>{numberOf(one)}</bdi>
        </p>
        <div className="mt-1 flex items-center gap-2">
          <p dir="auto" className="min-w-0 grow truncate text-xs text-ink-3">
            {one.reason}
          </p>
          <Tag tone={holder === 'me' ? 'agent' : isFree(holder) ? 'attention' : 'plain'}>
            {holder === 'me'
              ? w.desk.mine
              : isFree(holder)
                ? w.desk.free
                : fill(w.desk.taken, { name: one.claimed_by_name ?? one.claimed_by ?? '' })}
          </Tag>
        </div>
      </div>
    </a>
  )
}
