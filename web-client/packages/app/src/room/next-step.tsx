// What comes next, always in sight: the chatbot's sentence, one thing to do, at most one other, and by when.

import type { CommandKind, OrderSnapshot, Prompt, TimerKind } from '@order-chat/client'
import { CirclePause, Clock } from 'lucide-react'
import { openCommand } from '../commands/open'
import { Button } from '../parts/button'
import { useNow } from '../time/clock'
import { promptText } from '../words/sentences'
import { useWords } from '../words/use-words'
import { allows, useRoom } from './context'

export function NextStepBar() {
  const { order, telling, actions, room } = useRoom()
  const { w } = useWords()
  if (!order) return null
  const { you, buyer, seller } = order.next_step
  if (!telling.mine) {
    return (
      <Bar turn={false} order={order}>
        <StaffStep name={telling.buyer} prompt={buyer} />
        <StaffStep name={telling.seller} prompt={seller} />
      </Bar>
    )
  }
  if (!you) return null
  const possible = offered(you).filter(kind => allows(actions, kind))
  const [first, second] = possible
  return (
    <Bar turn={possible.length > 0} order={order}>
      <p className="text-sm text-pretty text-ink" aria-live="polite">
        {possible.length > 0 && <span className="sr-only">{w.step.yours}: </span>}
        {promptText(you, telling)}
      </p>
      {first && (
        <div className="flex flex-wrap gap-2">
          <Button
            look="accent"
            small
            className="max-sm:grow"
            onPress={() => openCommand({ order: room.order, kind: first })}
          >
            {w.commands[first]?.name}
          </Button>
          {second && (
            <Button
              small
              className="max-sm:grow"
              onPress={() => openCommand({ order: room.order, kind: second })}
            >
              {w.commands[second]?.name}
            </Button>
          )}
        </div>
      )}
    </Bar>
  )
}

/** What the prompt names first comes first, but sending goods stands behind handing over files where files were used. */
function offered({ actions }: Prompt): readonly CommandKind[] {
  return actions
}

function StaffStep({ name, prompt }: { name: string; prompt: Prompt | undefined }) {
  const { telling } = useRoom()
  if (!prompt) return null
  return (
    <p className="text-sm text-ink">
      <b className="font-semibold">{name}:</b> {promptText(prompt, telling)}
    </p>
  )
}

function Bar({ turn, order, children }: { turn: boolean; order: OrderSnapshot; children: React.ReactNode }) {
  const { w } = useWords()
  return (
    <section
      aria-label={w.step.title}
      className={`border-t border-line px-4 py-2.5 sm:px-6 ${turn ? 'bg-accent-soft' : 'bg-surface'}`}
    >
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="flex min-w-0 grow flex-wrap items-center justify-between gap-x-6 gap-y-2">
          {children}
        </div>
        <Deadline order={order} />
      </div>
    </section>
  )
}

/** The clock that runs for the present step. */
export function clockOf(order: OrderSnapshot): { kind: TimerKind; at: string; paused: boolean } | undefined {
  if (order.overdue && order.due_at && (order.state === 'in_progress' || order.state === 'in_revision'))
    return { kind: 'due', at: order.due_at, paused: false }
  const order_of: readonly TimerKind[] = ['resolution', 'proposal', 'review', 'due', 'accept', 'link']
  const wanted = order.case ? order_of : order_of.filter(kind => kind !== 'proposal' || order.proposal)
  for (const kind of wanted) {
    const timer = order.timers.find(one => one.kind === kind)
    if (timer) return { kind, at: timer.fire_at, paused: timer.paused }
  }
  return undefined
}

function Deadline({ order }: { order: OrderSnapshot }) {
  const { w, format, fill } = useWords()
  const clock = clockOf(order)
  const now = useNow(10_000)
  if (!clock) return null
  if (clock.paused)
    return (
      <span className="flex items-center gap-1.5 text-xs text-ink-2">
        <CirclePause size={14} strokeWidth={1.5} aria-hidden />
        {w.step.paused}
      </span>
    )
  const left = format.left(clock.at, now)
  const tone =
    left.urgency === 'over' ? 'text-danger' : left.urgency === 'soon' ? 'text-attention' : 'text-ink-2'
  return (
    <time
      dateTime={clock.at}
      title={format.exact(clock.at)}
      className={`flex items-center gap-1.5 text-xs font-medium whitespace-nowrap ${tone}`}
    >
      <Clock size={14} strokeWidth={1.5} aria-hidden />
      {fill(left.urgency === 'over' ? w.status.late : w.status.left, { span: left.text })}
    </time>
  )
}
