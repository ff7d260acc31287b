// A whole order on paper: who, on what terms, and everything that happened, from the first entry on.

import { ArrowLeft, MessageCircleOff, Printer } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { Button } from '../parts/button'
import { Empty, Skeleton } from '../parts/states'
import { RoomAround, useRoomOnScreen } from '../room/context'
import { rowsOf } from '../room/rows'
import { TimelineRow } from '../room/timeline-row'
import { useSession } from '../session/session'
import { go } from '../shell/router'
import StatusPanel from '../status/status-panel'
import { OnPaper, useWords } from '../words/use-words'

/** Entries asked for at once, until the first is here. */
const PAGE = 200

export default function PrintPage({ order }: { order: string }) {
  return (
    <OnPaper value>
      <Paper id={order} />
    </OnPaper>
  )
}

function Paper({ id }: { id: string }) {
  const { following, staff } = useSession()
  const { w, format, fill } = useWords()
  useEffect(() => following.look(id), [following, id])
  const { seen, state } = useRoomOnScreen(id)
  const { room, order } = seen
  const { items, reachedStart, loadingOlder, status } = state
  useEffect(() => {
    if (status === 'live' && !reachedStart && !loadingOlder) room.loadOlder(PAGE)
  }, [room, status, reachedStart, loadingOlder])
  const rows = useMemo(
    () => rowsOf({ items, pending: [], me: seen.me, unreadAfter: undefined, reachedStart }),
    [items, seen.me, reachedStart],
  )
  const parties = state.snapshot?.parties
  if (status === 'lost') return <Lost home={staff ? '/desk' : '/orders'} />
  const reading = state.olderFailed ? w.room.olderFailed : w.print.loading
  return (
    <RoomAround seen={seen} state={state}>
      <main className="min-w-0 grow overflow-y-auto bg-surface print:overflow-visible">
        <div className="flex flex-wrap items-center gap-3 border-b border-line px-6 py-3 print:hidden">
          <Button look="quiet" icon={ArrowLeft} onPress={() => go(`/${staff ? 'desk' : 'orders'}/${id}`)}>
            {w.print.back}
          </Button>
          <p className="min-w-0 grow text-sm text-ink-2" role="status">
            {reachedStart ? fill(w.print.ready, { count: format.number(items.length) }) : reading}
          </p>
          <Button look="accent" icon={Printer} isDisabled={!reachedStart} onPress={() => window.print()}>
            {w.print.print}
          </Button>
        </div>
        <article className="mx-auto flex max-w-220 flex-col gap-6 px-6 py-8 print:max-w-none print:p-0">
          <header className="flex flex-col gap-1">
            <h1 dir="auto" className="text-xl font-semibold">
              {order?.listing.title ?? w.inbox.talk}
            </h1>
            {parties && (
              <p className="text-sm text-ink-2">
                {w.roles.buyer}: <bdi>{parties.buyer.name}</bdi> · {w.roles.seller}:{' '}
                <bdi>{parties.seller.name}</bdi>
              </p>
            )}
            <p className="text-xs text-ink-2">
              {fill(w.print.as, { order: id, at: format.exact(new Date().toISOString()) })}
            </p>
          </header>
          {order && (
            <section
              aria-label={w.room.status}
              className="-mx-5 break-inside-avoid border-y border-line print:mx-0 print:[&_section]:px-0"
            >
              <StatusPanel />
            </section>
          )}
          <section aria-label={w.room.timeline} className="-mx-4 sm:-mx-6 print:mx-0">
            {rows.length === 0 && !reachedStart && <Skeleton kind="talk" rows={6} />}
            {rows.map(row => (
              <div key={row.key} className="break-inside-avoid">
                <TimelineRow row={row} />
              </div>
            ))}
          </section>
        </article>
      </main>
    </RoomAround>
  )
}

function Lost({ home }: { home: string }) {
  const { w } = useWords()
  return (
    <main className="flex min-w-0 grow flex-col bg-surface">
      <Empty icon={MessageCircleOff} title={w.room.notFound} hint={w.room.notFoundHint}>
        <Button onPress={() => go(home)}>{w.room.back}</Button>
      </Empty>
    </main>
  )
}
