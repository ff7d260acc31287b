import { CircleCheckBig, MessagesSquare } from 'lucide-react'
import { alike, type Line, numberOf, previewText, sortedLines } from '../inbox/lines'
import { useReadOn } from '../inbox/read-on'
import { useTab } from '../inbox/use-tab'
import { Avatar } from '../parts/avatar'
import { Button } from '../parts/button'
import { Empty, Failed } from '../parts/states'
import { Count, Tag } from '../parts/tag'
import { isDemo } from '../session/person'
import { useSession } from '../session/session'
import { Coming } from '../shell/coming'
import { follow, go } from '../shell/router'
import { toneOf } from '../status/tone'
import { useStore } from '../store'
import { useNow } from '../time/clock'
import { labelText } from '../words/sentences'
import { useWords } from '../words/use-words'
import { Figures, Group, HomeFrame } from './parts'

const OVER: ReadonlySet<string> = new Set(['completed', 'cancelled', 'refunded', 'declined', 'expired'])
const SHOWN = 6
/** Whose turn it is is known of the conversations that are here: of older ones too. */
const KNOWN = 200

export function PartyHome() {
  const { client, me } = useSession()
  const inbox = useStore(client.inbox)
  const { w, fill } = useWords()
  useReadOn(true, KNOWN)
  const lines = sortedLines(inbox.rooms)
  const twins = alike(inbox.rooms)
  const line = (line: Line) => (
    <OrderLine key={line.room.order} line={line} twin={twins.has(line.room.order)} />
  )
  const turn = lines.filter(({ turn }) => turn)
  const waiting = lines.filter(({ turn, room }) => !turn && !OVER.has(room.state ?? ''))
  const done = lines.filter(({ turn, room }) => !turn && OVER.has(room.state ?? ''))
  const { counts: tabs } = useTab('all')
  return (
    <HomeFrame
      title={fill(w.home.hello, { name: me.name })}
      word={inbox.status === 'ready' || lines.length > 0 ? w.home.needsYou(turn.length) : ''}
    >
      {inbox.status === 'failed' && lines.length === 0 ? (
        <Failed title={w.inbox.failed} retry={() => void client.loadInbox('all')} />
      ) : inbox.status === 'loading' ? (
        <Coming />
      ) : lines.length === 0 ? (
        <Empty icon={MessagesSquare} title={w.inbox.empty} hint={w.inbox.emptyHint}>
          {isDemo && (
            <Button look="accent" onPress={() => go('/demo')}>
              {w.inbox.place}
            </Button>
          )}
        </Empty>
      ) : (
        <>
          <Figures
            figures={[
              { label: w.home.numbers.turn, n: turn.length, tone: 'accent' },
              { label: w.home.numbers.active, n: tabs.active ?? 0 },
              { label: w.home.numbers.delivered, n: tabs.delivered ?? 0 },
              { label: w.home.numbers.disputed, n: tabs.disputed ?? 0, tone: 'danger' },
            ]}
          />
          <Group title={w.home.now}>{turn.length > 0 ? turn.map(line) : <UpToDate />}</Group>
          {waiting.length > 0 && <Group title={w.home.waiting}>{waiting.slice(0, SHOWN).map(line)}</Group>}
          {done.length > 0 && <Group title={w.home.done}>{done.slice(0, 3).map(line)}</Group>}
          <Button look="quiet" className="self-start" onPress={() => go('/orders')}>
            {w.home.showAll}
          </Button>
        </>
      )}
    </HomeFrame>
  )
}

function UpToDate() {
  const { w } = useWords()
  return (
    <div className="flex items-center gap-4 px-5 py-5">
      <CircleCheckBig size={22} strokeWidth={1.5} aria-hidden className="text-positive" />
      <p className="text-sm">
        <span className="block font-medium">{w.home.nothingNow}</span>
        <span className="text-ink-2">{w.home.nothingNowHint}</span>
      </p>
    </div>
  )
}

function OrderLine({ line, twin }: { line: Line; twin: boolean }) {
  const { me } = useSession()
  const { w, format } = useWords()
  const now = useNow(30_000)
  const { room, turn, late, until, with: open } = line
  const left = until ? format.left(until, now) : undefined
  const step = turn
    ? (w.shortSteps[room.next_step?.code ?? ''] ?? w.inbox.yourTurn)
    : previewText(room, me.user, { w })
  return (
    <a
      href={`/orders/${room.order}`}
      onClick={follow}
      className="flex items-center gap-4 border-b border-line px-4 py-3 -outline-offset-2 last:border-0 hover:bg-raised/60 sm:px-5"
    >
      <Avatar name={room.other.name} size={36} />
      <div className="min-w-0 grow">
        <p dir="auto" className={`truncate text-sm ${turn ? 'font-semibold' : 'font-medium'}`}>
          {turn ? step : (room.title ?? room.other.name)}
        </p>
        <p className="truncate text-xs text-ink-2">
          {twin && (
            <>
              <bdi>{numberOf(room)}</bdi> ·{' '}
            </>
          )}
          {room.title && (
            <>
              <bdi>{turn ? room.title : room.other.name}</bdi> ·{' '}
            </>
          )}
          <bdi>{turn ? room.other.name : step}</bdi>
        </p>
      </div>
      <Count n={room.unread} label={w.nav.unread(room.unread)} />
      <span className="shrink-0 text-end text-xs font-medium whitespace-nowrap sm:w-20">
        {left && until && !OVER.has(room.state ?? '') && (
          <time
            dateTime={until}
            title={format.exact(until)}
            className={
              left.urgency === 'over'
                ? 'text-danger'
                : left.urgency === 'soon'
                  ? 'text-attention'
                  : 'text-ink-2'
            }
          >
            {left.urgency === 'over' ? w.inbox.late : left.text}
          </time>
        )}
      </span>
      <span className="flex w-36 shrink-0 justify-end max-sm:hidden">
        {room.label && (
          <Tag tone={late || open ? 'danger' : toneOf(room.state)}>
            {open ? w.status.cases[open] : late ? w.inbox.late : labelText(room.label, w)}
          </Tag>
        )}
      </span>
    </a>
  )
}
