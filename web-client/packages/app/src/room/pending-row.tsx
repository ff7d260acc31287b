// What is on its way: a message as it will stand, or a command that is being carried out; refused ones with a way out.

import type { OutboxItem } from '@order-chat/client'
import { Clock3, Copy, RotateCw, Send, Trash2, TriangleAlert } from 'lucide-react'
import { useReason } from '../commands/reason'
import { Button } from '../parts/button'
import { PersonText } from '../parts/person-text'
import { useSession } from '../session/session'
import { useWords } from '../words/use-words'
import { bubbleLook, copy } from './message-row'

export function PendingRow({ pending, first, last }: { pending: OutboxItem; first: boolean; last: boolean }) {
  const { w } = useWords()
  const text = pending.command.type === 'post_message' ? pending.command.text : undefined
  const refused = pending.state === 'refused'
  const Icon = pending.state === 'sent' ? Send : Clock3
  return (
    <article className={`flex flex-row-reverse px-4 sm:px-6 ${first ? 'pt-3' : 'pt-0.5'}`}>
      <div className="flex max-w-[min(36rem,82%)] min-w-0 flex-col items-end">
        <div
          className={`${bubbleLook({ mine: true, staff: false, first, last })} ${refused ? 'outline outline-danger' : 'opacity-80'}`}
        >
          {text !== undefined && <PersonText text={text} />}
          {pending.command.type === 'post_message' && pending.command.files && (
            <span className="text-xs text-ink-2">{w.cards.files(pending.command.files.length)}</span>
          )}
        </div>
        {refused ? (
          <Refused pending={pending} text={text} />
        ) : (
          last && (
            <div className="mt-1 flex items-center gap-1 text-xs text-ink-3">
              <Icon size={12} strokeWidth={1.5} aria-hidden />
              {pending.state === 'queued' ? w.message.queued : w.message.sent}
            </div>
          )
        )}
      </div>
    </article>
  )
}

function Refused({ pending, text }: { pending: OutboxItem; text: string | undefined }) {
  const { w } = useWords()
  const reason = useReason()
  const { client } = useSession()
  return (
    <div role="alert" className="mt-1.5 flex max-w-full flex-col items-end gap-1">
      <p className="flex items-center gap-1.5 text-xs text-danger">
        <TriangleAlert size={14} strokeWidth={1.5} aria-hidden />
        {pending.command.type === 'post_message' ? w.message.failed : w.message.failedCommand}
        {pending.refusal && `: ${reason(pending.refusal, pending.command.type)}`}
      </p>
      <div className="flex flex-wrap justify-end gap-1">
        <Button small look="quiet" icon={RotateCw} onPress={() => client.retry(pending.id)}>
          {w.message.retry}
        </Button>
        {text && (
          <Button small look="quiet" icon={Copy} onPress={() => copy(text, w.message.copied)}>
            {w.message.copy}
          </Button>
        )}
        <Button small look="quiet" icon={Trash2} onPress={() => client.discard(pending.id)}>
          {w.message.discard}
        </Button>
      </div>
    </div>
  )
}

export function WaitingRow({ pending }: { pending: OutboxItem }) {
  const { w } = useWords()
  const name = w.commands[pending.command.type]?.name ?? pending.command.type
  return (
    <div className="flex flex-col items-center px-6 py-1.5 text-xs text-ink-2">
      <span className="flex items-center gap-1.5">
        <Clock3 size={14} strokeWidth={1.5} aria-hidden />
        {name}
        {pending.state !== 'refused' && ` · ${w.message.pendingCommand}`}
      </span>
      {pending.state === 'refused' && <Refused pending={pending} text={undefined} />}
    </div>
  )
}
