// One room on the screen: its header, the timeline, the next step and the composer; the order's status beside it, or as
// a sheet where there is no room for it.

import { Lock, MessageCircleOff } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '../parts/button'
import { lazily } from '../parts/lazily'
import { hasThreePanes, usePanes } from '../parts/media'
import { Empty, Skeleton } from '../parts/states'
import { useSession } from '../session/session'
import { Coming } from '../shell/coming'
import { go } from '../shell/router'
import { useStore, Value } from '../store'
import { DropRoom } from '../uploads/drop-room'
import { useWords } from '../words/use-words'
import { Composer } from './composer'
import { RoomAround, useRoomOnScreen, useRoomState } from './context'
import { NextStepBar } from './next-step'
import { RoomHeader } from './room-header'
import { Timeline } from './timeline'

const StatusSheet = lazily(() => import('./status-sheet'), { close: ({ close }) => close() })
const panelComes = () => import('../status/status-panel')
const StatusPanel = lazily(panelComes, { waiting: <Skeleton kind="facts" rows={6} /> })
// Where it stands beside the room it is part of the first picture.
if (hasThreePanes()) panelComes().catch(() => undefined)

/** Whether the status stands beside the room; kept for the visit. */
const statusBeside = new Value(true)

interface Props {
  readonly id: string
  readonly home: string
  readonly banner?: ReactNode
  /** What the agent sees above the status. */
  readonly aside?: ReactNode
  /** What is shown instead when the room is refused to an agent. */
  readonly refused?: ReactNode
}

export function RoomPage({ id, home, banner, aside, refused }: Props) {
  const { following } = useSession()
  useEffect(() => following.look(id), [following, id])
  const { seen, state } = useRoomOnScreen(id)
  const panes = usePanes()
  const beside = useStore(statusBeside) && panes === 3
  const [sheet, setSheet] = useState(false)
  const { w } = useWords()
  const { status } = state
  if (status === 'lost') return <Lost home={home}>{refused}</Lost>
  const there = state.snapshot !== undefined
  const panel = (
    <>
      {aside}
      {seen.order && <StatusPanel />}
    </>
  )
  return (
    <RoomAround seen={seen} state={state}>
      <DropRoom>
        <RoomHeader
          statusShown={panes === 3 ? beside : sheet}
          onStatus={() => (panes === 3 ? statusBeside.set(!beside) : setSheet(!sheet))}
          back={panes === 1 ? home : undefined}
        />
        {banner}
        {there && state.entries.length > 0 ? <Timeline /> : <Before />}
        <NextStepBar />
        {there && <Composer />}
      </DropRoom>
      {(seen.order ?? aside) && there && beside && (
        <aside
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
          tabIndex={0}
          aria-label={w.room.status}
          className="w-80 shrink-0 overflow-y-auto border-s border-line bg-ground"
        >
          {panel}
        </aside>
      )}
      {there && sheet && panes < 3 && <StatusSheet close={() => setSheet(false)}>{panel}</StatusSheet>}
    </RoomAround>
  )
}

function Before() {
  const state = useRoomState()
  const { w } = useWords()
  if (state.status === 'live' && state.head === 0)
    return <p className="m-auto p-6 text-sm text-ink-2">{w.room.empty}</p>
  return (
    <div className="flex min-h-0 grow flex-col justify-end overflow-hidden">
      <Coming kind="talk" rows={6} kept={state.pending.filter(({ state }) => state !== 'refused').length} />
    </div>
  )
}

function Lost({ home, children }: { home: string; children?: ReactNode }) {
  const { w } = useWords()
  return (
    <main className="flex min-w-0 grow flex-col bg-surface">
      {children ?? (
        <Empty
          icon={home === '/desk' ? Lock : MessageCircleOff}
          title={w.room.notFound}
          hint={w.room.notFoundHint}
        >
          <Button onPress={() => go(home)}>{w.room.back}</Button>
        </Empty>
      )}
    </main>
  )
}
