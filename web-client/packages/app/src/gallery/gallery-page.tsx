// Every kind of entry in every state, without a service behind it: for looking at, and for pictures in tests.

import { type OrderSnapshot, Room, type RoomState } from '@order-chat/client'
import { MessagesSquare } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { CardRow } from '../entries/card-row'
import { EventRow, PromptRow } from '../entries/event-row'
import { Button } from '../parts/button'
import { Empty, Failed, Skeleton } from '../parts/states'
import { Tag, type Tone } from '../parts/tag'
import { RoomAround, type RoomOnScreen } from '../room/context'
import { MessageRow } from '../room/message-row'
import { NextStepBar } from '../room/next-step'
import { PendingRow } from '../room/pending-row'
import { Countdown } from '../status/countdown'
import { Rail } from '../status/rail'
import { tellingOf } from '../words/sentences'
import { useWords } from '../words/use-words'
import { cards, events, inHours, messages, ORDER, outcomes, pendings, prompt, snapshot } from './samples'

const ways: Readonly<Record<string, OrderSnapshot>> = {
  new: snapshot('new'),
  working: snapshot('in_progress'),
  late: snapshot('in_progress', { overdue: true, due_at: inHours(-30) }),
  delivered: snapshot('delivered'),
  revising: snapshot('in_revision'),
  disputed: snapshot('in_progress', {
    case: { kind: 'dispute', opened_at: inHours(-2), joined: [] },
    timers: [{ kind: 'due', fire_at: inHours(40), paused: true, because: 3 }],
  }),
  completed: snapshot('completed'),
  declined: snapshot('declined'),
  cancelled: snapshot('cancelled'),
}
const looks = ['accent', 'outline', 'quiet', 'danger'] as const
const tones: readonly Tone[] = ['plain', 'accent', 'attention', 'danger', 'positive', 'agent']

/** A room of no service: it stands as it is shown, and nothing is done in it. */
const still = () => undefined
const empty = new Room(ORDER, {
  follow: still,
  unfollow: still,
  older: still,
  read: still,
  typing: still,
  command: () => {
    throw new Error('nothing is done in the gallery')
  },
  view: still,
  pending: () => [],
})

export default function GalleryPage() {
  const { w } = useWords()
  const waiting = snapshot('in_progress', {
    next_step: { you: { code: 'step_deliver_wait', params: {}, actions: [] } },
  })
  return (
    <Sample order={snapshot('delivered')}>
      <main className="min-w-0 grow overflow-y-auto bg-surface py-6">
        <h1 className="sr-only">{w.gallery.parts}</h1>
        <div className="mx-auto flex max-w-220 flex-col gap-8">
          <Group name={w.gallery.messages}>
            {messages.map(message => (
              <MessageRow key={message.key} item={message} mine={message.mine} first last />
            ))}
            {pendings.map(pending => (
              <PendingRow key={pending.id} pending={pending} first last />
            ))}
          </Group>
          <Group name={w.gallery.open}>
            {cards.map(item => (
              <CardRow key={item.key} item={item} />
            ))}
          </Group>
          <Group name={w.gallery.settled}>
            {cards.map((item, at) => (
              <CardRow key={item.key} item={item} outcome={outcomes[at]} />
            ))}
          </Group>
          <Group name={w.gallery.lines}>
            {events.map(item => (
              <EventRow key={item.key} item={item} />
            ))}
            <PromptRow item={prompt} />
          </Group>
          <Group name={w.step.title}>
            <NextStepBar />
            <Sample order={waiting}>
              <NextStepBar />
            </Sample>
          </Group>
          <Group name={w.room.status}>
            <div className="grid grid-cols-[repeat(auto-fill,minmax(14rem,1fr))] gap-6 px-6">
              {Object.entries(ways).map(([name, order]) => (
                <div key={name} className="flex flex-col gap-3">
                  <Sample order={order}>
                    <Rail order={order} />
                    <Countdown order={order} />
                  </Sample>
                </div>
              ))}
            </div>
          </Group>
          <Group name={w.gallery.parts}>
            <div className="flex flex-wrap items-center gap-3 px-6 pt-4">
              {looks.map(look => (
                <Button key={look} look={look}>
                  {w.states.retry}
                </Button>
              ))}
              {tones.map(tone => (
                <Tag key={tone} tone={tone}>
                  {w.inbox.draft}
                </Tag>
              ))}
            </div>
            <div className="grid sm:grid-cols-3">
              <Empty icon={MessagesSquare} title={w.inbox.empty} hint={w.inbox.emptyHint} />
              <Failed problem={w.connection.waiting} />
              <Skeleton rows={3} />
            </div>
          </Group>
        </div>
      </main>
    </Sample>
  )
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="border-b border-line px-6 pb-2 text-base font-semibold">{name}</h2>
      {children}
    </section>
  )
}

function Sample({ order, children }: { order: OrderSnapshot; children: ReactNode }) {
  const { w, format } = useWords()
  const room = useMemo<{ seen: RoomOnScreen; state: RoomState }>(() => {
    const items = messages.map(({ mine: _, ...item }) => item)
    const state: RoomState = {
      ...empty.getSnapshot(),
      status: 'live',
      items,
      head: order.head,
      cursors: { seller: 2 },
      snapshot: { kind: 'order', ...order },
    }
    const seen = {
      room: empty,
      order,
      actions: order.actions,
      waits: [],
      telling: tellingOf(w, format, order, 'buyer'),
      me: 'buyer',
      staff: false,
    }
    return { seen, state }
  }, [order, w, format])
  return <RoomAround {...room}>{children}</RoomAround>
}
