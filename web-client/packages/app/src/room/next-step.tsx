// What comes next, always in sight: the chatbot's sentence, one thing to do, at most one other, and by when.

import type { CommandKind, OrderSnapshot, Prompt, TimerKind } from '@order-chat/client'
import { CirclePause, Clock } from 'lucide-react'
import { memo, type ReactNode, useLayoutEffect, useRef } from 'react'
import { nameOfCommand } from '../commands/name'
import { openCommand } from '../commands/open'
import { PAY } from '../inbox/lines'
import { Button } from '../parts/button'
import { isNowhere } from '../parts/focus'
import { useNow } from '../time/clock'
import { promptText } from '../words/sentences'
import { useWords } from '../words/use-words'
import { allows, useRoom } from './context'

/** What takes back what this side did: nobody waits for it. */
const UNDOES = /^(close|withdraw)_/

export const NextStepBar = memo(function NextStepBar() {
  const { order, telling, actions, waits, room } = useRoom()
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
  const waiting = you.actions.find(kind => waits.includes(kind))
  const [first, second] = you.actions.filter(kind => allows(actions, kind))
  const turn = you.code === PAY || (!!first && !waiting && !UNDOES.test(first))
  const choice = (kind: CommandKind, accent: boolean) => (
    <Button
      look={accent ? 'accent' : 'outline'}
      small
      className="max-sm:grow"
      onPress={() => openCommand({ order: room.order, kind })}
    >
      {w.commands[kind]?.short ?? w.commands[kind]?.name}
    </Button>
  )
  return (
    <Bar
      turn={turn}
      order={order}
      buttons={
        waiting ? (
          <p className="text-xs text-ink-2" role="status">
            {nameOfCommand(waiting, order, w)} · {w.message.queued}
          </p>
        ) : (
          first && (
            <>
              {second && choice(second, false)}
              {choice(first, turn)}
            </>
          )
        )
      }
    >
      <p className="text-sm font-medium text-pretty text-ink" aria-live="polite">
        {turn && <span className="sr-only">{w.step.yours}: </span>}
        {promptText(you, telling)}
      </p>
    </Bar>
  )
})

function StaffStep({ name, prompt }: { name: string; prompt: Prompt | undefined }) {
  const { telling } = useRoom()
  if (!prompt) return null
  return (
    <p className="text-sm text-ink">
      <b className="font-semibold">
        <bdi>{name}</bdi>:
      </b>{' '}
      {promptText(prompt, telling)}
    </p>
  )
}

interface BarProps {
  readonly turn: boolean
  readonly order: OrderSnapshot
  readonly buttons?: ReactNode
  readonly children: ReactNode
}

function Bar({ turn, order, buttons, children }: BarProps) {
  const { w } = useWords()
  const bar = useRef<HTMLElement>(null)
  const had = useRef<HTMLElement>(undefined)
  // The button that was pressed is done with: the focus stays with the step.
  useLayoutEffect(() => {
    if (had.current && !had.current.isConnected && isNowhere()) bar.current?.focus({ preventScroll: true })
  })
  return (
    <section
      ref={bar}
      id="next-step"
      tabIndex={-1}
      aria-label={w.step.title}
      onFocus={({ target }) => {
        had.current = target
      }}
      className={`flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line px-4 py-2.5 short:py-1.5 sm:px-6 ${turn ? 'bg-accent-soft' : 'bg-surface'}`}
    >
      <div className="flex min-w-0 flex-[1_1_16rem] flex-col short:flex-[1_1_9rem] gap-0.5">
        {children}
        <Deadline order={order} />
      </div>
      {buttons && <div className="flex flex-wrap gap-2 max-sm:w-full short:w-auto">{buttons}</div>}
    </section>
  )
}

/** The clock that runs for the present step. */
export function clockOf(order: OrderSnapshot): { kind: TimerKind; at: string; paused: boolean } | undefined {
  if (order.overdue && order.due_at && (order.state === 'in_progress' || order.state === 'in_revision'))
    return { kind: 'due', at: order.due_at, paused: false }
  const kinds: readonly TimerKind[] = [
    ...(order.case?.resolution ? (['resolution'] as const) : []),
    // The proposal's clock is for whoever is asked to answer.
    ...(order.next_step.you?.code === 'step_update_answer' ? (['proposal'] as const) : []),
    'review',
    'due',
    'accept',
    'link',
  ]
  for (const kind of kinds) {
    const timer = order.timers.find(one => one.kind === kind)
    if (timer) return { kind, at: timer.fire_at, paused: timer.paused }
  }
  return undefined
}

function Deadline({ order }: { order: OrderSnapshot }) {
  const { w, format, fill } = useWords()
  // That the other side may take so long to accept is no time to pay in.
  const clock = order.next_step.you?.code === PAY ? undefined : clockOf(order)
  const now = useNow(10_000)
  if (!clock) return null
  if (clock.paused)
    return (
      <span className="flex items-center gap-1.5 text-xs text-ink-2 short:hidden">
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
      className={`flex items-center gap-1.5 text-xs whitespace-nowrap short:hidden ${tone}`}
    >
      <Clock size={14} strokeWidth={1.5} aria-hidden />
      {fill(left.urgency === 'over' ? w.status.late : w.status.left, { span: left.text })}
      <span className="font-normal text-ink-2">· {format.moment(clock.at)}</span>
    </time>
  )
}
