// What is on its way: a message as it will stand, or a command that is being carried out; refused ones with a way out.

import type { Command, OutboxItem } from '@order-chat/client'
import { Clock3, Copy, Pencil, RotateCw, Send, Trash2, TriangleAlert } from 'lucide-react'
import { useReason } from '../commands/reason'
import { Button } from '../parts/button'
import { PersonText } from '../parts/person-text'
import { useSessionIfAny } from '../session/session'
import { useWords } from '../words/use-words'
import { useWriting } from './context'
import { bubbleLook, copy } from './message-row'

export function PendingRow({ pending, first, last }: { pending: OutboxItem; first: boolean; last: boolean }) {
  const { w } = useWords()
  const text = textOf(pending.command)
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
          <Refused pending={pending} />
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

function Refused({ pending }: { pending: OutboxItem }) {
  const { w } = useWords()
  const reason = useReason()
  const client = useSessionIfAny()?.client
  const writing = useWriting()
  const { command } = pending
  const text = textOf(command)
  const changeAgain = ({ seq, text }: Extract<Command, { type: 'edit_message' }>) => {
    writing.edit(seq, text)
    client?.discard(pending.id)
  }
  return (
    <div role="alert" className="mt-1.5 flex max-w-full flex-col items-end gap-1">
      <p className="flex items-center gap-1.5 text-xs text-danger">
        <TriangleAlert size={14} strokeWidth={1.5} aria-hidden />
        {command.type === 'post_message' ? w.message.failed : w.message.failedCommand}
        {pending.refusal && `: ${reason(pending.refusal, command.type)}`}
      </p>
      <div className="flex flex-wrap justify-end gap-1">
        {command.type === 'edit_message' ? (
          <Button small look="quiet" icon={Pencil} onPress={() => changeAgain(command)}>
            {w.message.edit}
          </Button>
        ) : (
          <Button small look="quiet" icon={RotateCw} onPress={() => client?.retry(pending.id)}>
            {w.message.retry}
          </Button>
        )}
        {text && (
          <Button small look="quiet" icon={Copy} onPress={() => copy(text, w.message.copied)}>
            {w.message.copy}
          </Button>
        )}
        <Button small look="quiet" icon={Trash2} onPress={() => client?.discard(pending.id)}>
          {w.message.discard}
        </Button>
      </div>
    </div>
  )
}

export function WaitingRow({ pending }: { pending: OutboxItem }) {
  const { w } = useWords()
  const name = w.commands[pending.command.type]?.name ?? pending.command.type
  const text = textOf(pending.command)
  const refused = pending.state === 'refused'
  return (
    <div className="flex flex-col items-center px-6 py-1.5 text-xs text-ink-2">
      <span className="flex items-center gap-1.5">
        <Clock3 size={14} strokeWidth={1.5} aria-hidden />
        {name}
        {!refused && ` · ${pending.state === 'sent' ? w.message.pendingCommand : w.message.queued}`}
      </span>
      {refused && text !== undefined && (
        <div
          className={`${bubbleLook({ mine: true, staff: false, first: true, last: true })} mt-1.5 max-w-144 outline outline-danger`}
        >
          <PersonText text={text} />
        </div>
      )}
      {refused && <Refused pending={pending} />}
    </div>
  )
}

/** What stands nowhere else until it is in the timeline; forms keep theirs. */
function textOf(command: Command): string | undefined {
  return command.type === 'post_message' || command.type === 'edit_message' ? command.text : undefined
}
