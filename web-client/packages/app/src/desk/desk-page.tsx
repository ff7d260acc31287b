// The desk of customer experience: the queue by waiting time, and the case that is open.

import { Headset, Lock } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../parts/button'
import { usePanes } from '../parts/media'
import { Empty, Failed } from '../parts/states'
import { useSession } from '../session/session'
import { useAway } from '../shell/away'
import { Coming } from '../shell/coming'
import { go } from '../shell/router'
import { useNow } from '../time/clock'
import { useWords } from '../words/use-words'
import { CaseLine } from './case-line'
import { CaseRoom } from './case-room'
import { holderOf, isFree } from './holder'
import { useQueue } from './use-queue'

type Filter = 'all' | 'free' | 'mine'

export default function DeskPage({ order }: { order: string | undefined }) {
  const { staff } = useSession()
  const panes = usePanes()
  const queue = useQueue()
  const { w } = useWords()
  if (!staff)
    return (
      <main className="flex grow">
        <Empty icon={Lock} title={w.desk.forbidden}>
          <Button onPress={() => go('/')}>{w.states.home}</Button>
        </Empty>
      </main>
    )
  return (
    <>
      {panes > 1 && <Queue queue={queue} here={order} wide={false} />}
      {panes === 1 && order === undefined && (
        <main className="flex min-h-0 min-w-0 grow">
          <Queue queue={queue} here={order} wide />
        </main>
      )}
      {order !== undefined ? (
        <CaseRoom
          key={order}
          id={order}
          queued={queue.data?.cases.find(one => one.order === order)}
          refresh={queue.again}
        />
      ) : (
        panes > 1 && (
          <main className="flex grow bg-ground">
            <Empty icon={Headset} title={w.desk.choose} hint={w.desk.chooseHint} />
          </main>
        )
      )}
    </>
  )
}

function Queue({
  queue,
  here,
  wide,
}: {
  queue: ReturnType<typeof useQueue>
  here: string | undefined
  wide: boolean
}) {
  const { me } = useSession()
  const { w, format } = useWords()
  const [filter, setFilter] = useState<Filter>('all')
  const now = useNow(10_000)
  const away = useAway()
  const cases = queue.data?.cases ?? []
  const Title = here === undefined ? 'h1' : 'h2'
  const kept: Record<Filter, typeof cases> = {
    all: cases,
    free: cases.filter(one => isFree(holderOf(one, me.user, now))),
    mine: cases.filter(one => one.claimed_by === me.user),
  }
  return (
    <nav
      aria-label={w.desk.title}
      className={`flex min-h-0 flex-col bg-surface ${wide ? 'w-full' : 'w-80 shrink-0 border-e border-line'}`}
    >
      <Title className="px-4 pt-3 text-base font-semibold">{w.desk.title}</Title>
      <fieldset className="flex gap-1 border-b border-line px-3 py-2">
        <legend className="sr-only">{w.desk.filterLabel}</legend>
        {(['all', 'free', 'mine'] as const).map(one => (
          <button
            key={one}
            type="button"
            aria-pressed={filter === one}
            onClick={() => setFilter(one)}
            className="flex items-center justify-center rounded-full pointer-coarse:h-11 pointer-coarse:min-w-11"
          >
            <span
              className={`badge flex h-7 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium pointer-coarse:h-8 ${filter === one ? 'bg-ink text-surface' : 'text-ink-2 hover:bg-raised'}`}
            >
              {w.desk.filter[one]}{' '}
              {queue.data && <span className="opacity-70">{format.number(kept[one].length)}</span>}
            </span>
          </button>
        ))}
      </fieldset>
      <div className="flex min-h-0 grow flex-col overflow-y-auto">
        {(queue.loading || (queue.problem && away)) && !queue.data && <Coming />}
        {queue.problem && !queue.data && !away && (
          <Failed title={w.desk.failed} problem={queue.problem} retry={queue.again} />
        )}
        {kept[filter].map(one => (
          <CaseLine key={one.order} one={one} here={one.order === here} />
        ))}
        {queue.data &&
          kept[filter].length === 0 &&
          (cases.length === 0 ? (
            <Empty icon={Headset} title={w.desk.empty} hint={w.desk.emptyHint} />
          ) : (
            <p className="m-auto p-6 text-center text-sm text-ink-2">{w.inbox.emptyTab}</p>
          ))}
      </div>
    </nav>
  )
}
