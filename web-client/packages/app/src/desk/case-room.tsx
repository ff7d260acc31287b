// The room of a case as the staff sees it: refused until it is claimed, then read along, then joined.

import { type CommandKind, type QueuedCase, Refused, type RoomState } from '@order-chat/client'
import { CircleCheck, Hand, Headset, SearchX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { iconOfCommand } from '../commands/icons'
import { openCommand } from '../commands/open'
import { numberOf } from '../inbox/lines'
import { Button } from '../parts/button'
import { Empty } from '../parts/states'
import { allows, useRoom, useRoomState } from '../room/context'
import { RoomPage } from '../room/room-page'
import { showWritten } from '../room/written'
import { useSession } from '../session/session'
import { useAway } from '../shell/away'
import { go } from '../shell/router'
import { useStore } from '../store'
import { useNow } from '../time/clock'
import { problemText } from '../words/problems'
import { useWords } from '../words/use-words'
import { CaseAside } from './case-aside'
import { useEnding } from './ending'
import { holderOf } from './holder'
import { useStillQueued } from './still-queued'

/** It is on its way, or waits for a connection. */
function asksFor({ pending }: RoomState, kind: CommandKind): boolean {
  return pending.some(({ state, command }) => state !== 'refused' && command.type === kind)
}

interface Props {
  readonly id: string
  readonly queued: QueuedCase | undefined
  readonly refresh: () => void
}

export function CaseRoom({ id, queued: told, refresh }: Props) {
  const { client, following, me } = useSession()
  const { w } = useWords()
  const state = useStore(client.room(id))
  const { status } = state
  const ending = useEnding(state)
  const [problem, setProblem] = useState<string>()
  const queued = useStillQueued({ queued: told, status, me: me.user, refresh })
  const mine = queued?.claimed_by === me.user
  // Claimed from another tab, or handed to me: the room opens.
  useEffect(() => {
    if (status === 'lost' && mine) following.anew(id)
  }, [mine, status, following, id])
  const claim = async () => {
    setProblem(undefined)
    const command = client.command(id, { type: 'claim_case' })
    try {
      await command.stored
      following.anew(id)
    } catch (error) {
      // Told here, where there is no timeline yet.
      if (error instanceof Refused) client.discard(command.id)
      setProblem(problemText(error, w))
    }
    refresh()
  }
  return (
    <RoomPage
      id={id}
      home="/desk"
      banner={<CaseBanner />}
      aside={<CaseAside />}
      refused={
        <Unclaimed
          queued={queued}
          ending={ending}
          claim={claim}
          claiming={asksFor(state, 'claim_case')}
          problem={problem}
        />
      }
    />
  )
}

function Unclaimed({
  queued,
  ending,
  claim,
  claiming,
  problem,
}: {
  queued: QueuedCase | undefined
  ending: string | undefined
  claim: () => void
  claiming: boolean
  problem: string | undefined
}) {
  const { w, format, fill } = useWords()
  const { me } = useSession()
  const now = useNow(10_000)
  const away = useAway()
  const back = <Button onPress={() => go('/desk')}>{w.desk.back}</Button>
  if (!queued && ending)
    return (
      <Empty icon={CircleCheck} title={w.desk.settled} hint={ending}>
        {back}
      </Empty>
    )
  if (!queued)
    return (
      <Empty icon={SearchX} title={w.desk.notInQueue} hint={w.desk.notInQueueHint}>
        {back}
      </Empty>
    )
  const holder = holderOf(queued, me.user, now)
  const name = queued.claimed_by_name ?? queued.claimed_by ?? ''
  return (
    <div className="m-auto flex w-full max-w-120 flex-col gap-5 p-6">
      <div>
        <p className="text-xs font-semibold text-danger">
          {w.desk.kinds[queued.kind]} {queued.by ? w.desk.by[queued.by] : w.desk.byClock}
        </p>
        <h1 dir="auto" className="text-lg font-semibold">
          {queued.title}
        </h1>
        <p className="text-sm text-ink-2">
          {w.desk.opened} {format.moment(queued.opened_at)} · <bdi>{numberOf(queued)}</bdi>
        </p>
      </div>
      {queued.reason && (
        <p
          dir="auto"
          className="border-s-2 border-line-strong ps-4 text-sm whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {queued.reason}
        </p>
      )}
      <p className="text-sm text-ink-2">
        {holder === 'other' && fill(w.desk.taken, { name })}
        {holder === 'late' && `${fill(w.desk.late, { name })} `}
        {holder !== 'other' &&
          fill(w.commands.claim_case?.intro ?? '', {
            buyer: w.roles.buyer ?? '',
            seller: w.roles.seller ?? '',
          })}
      </p>
      {problem && (
        <p role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      {claiming && away && (
        <p role="status" className="text-sm text-ink-2">
          {w.dialog.offline}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {holder !== 'other' && (
          <Button look="accent" icon={Hand} isPending={claiming} onPress={claim}>
            {w.commands.claim_case?.submit}
          </Button>
        )}
        {back}
      </div>
    </div>
  )
}

const ON_BANNER = [
  'propose_resolution',
  'resolve_dispute',
  'approve_cancel',
  'reject_cancel',
  'leave_case',
] as const

function CaseBanner() {
  const { order, actions, room, me } = useRoom()
  const joining = asksFor(useRoomState(), 'join_case')
  const { w } = useWords()
  if (!order?.case) return null
  const joined = order.case.joined.includes(me)
  const join = async () => showWritten(room, me, await room.command({ type: 'join_case' }).stored)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-agent-soft px-4 py-2 text-sm text-agent sm:px-6">
      <p className="flex min-w-0 flex-[1_1_16rem] items-start gap-3">
        <Headset size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0" />
        {joined ? w.desk.joined : w.desk.reading}
      </p>
      <div className="flex flex-wrap gap-2">
        {allows(actions, 'join_case') && (
          <Button
            small
            look="accent"
            icon={Headset}
            isPending={joining}
            onPress={() => void join().catch(() => undefined)}
          >
            {w.commands.join_case?.submit}
          </Button>
        )}
        {ON_BANNER.filter(kind => allows(actions, kind)).map(kind => (
          <Button
            key={kind}
            small
            icon={iconOfCommand(kind)}
            onPress={() => openCommand({ order: room.order, kind })}
          >
            {w.commands[kind]?.submit}
          </Button>
        ))}
      </div>
    </div>
  )
}
