// The dialog of whichever command is asked for: its words, what it rests on, and the fields that the service says it needs.

import { Refused } from '@order-chat/client'
import { useEffect, useMemo, useState } from 'react'
import { Button } from '../parts/button'
import { Dialog } from '../parts/dialog'
import { RoomContext, useRoomOnScreen } from '../room/context'
import { useUploads } from '../room/use-uploads'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { namesIn } from '../words/sentences'
import { useWords } from '../words/use-words'
import { Fields } from './fields'
import { begin, build, type Filled } from './form'
import { type Asked, asked, closeCommand } from './open'
import { Preview } from './preview'

const DANGER: ReadonlySet<string> = new Set([
  'decline_order',
  'consent_cancel',
  'cancel_order',
  'approve_cancel',
  'retract_message',
])

export default function CommandDialog() {
  const what = useStore(asked)
  return what ? <CommandForm key={`${what.order} ${what.kind} ${what.seq ?? ''}`} what={what} /> : null
}

function CommandForm({ what }: { what: Asked }) {
  const { kind, order: id, seq } = what
  const room = useRoomOnScreen(id)
  const { client } = useSession()
  const { w, fill } = useWords()
  const connection = useStore(client.connection)
  const { order, actions, telling } = room
  const action = actions.find(({ command }) => command === kind)
  const needs =
    action?.needs ??
    (kind === 'retract_message' ? [{ field: 'seq', kind: 'entry' as const, required: true }] : [])
  const uploads = useUploads(id)
  const [filled, setFilled] = useState<Filled>(() => begin(kind, order))
  const [tried, setTried] = useState(false)
  const [sending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const now = { ...filled, files: uploads.files }
  const built = build({ kind, needs, order, seq, filled: now })
  const words = w.commands[kind]
  const offline = connection.is !== 'connected'
  const names = useMemo(() => namesIn(telling), [telling])
  // What it was about is gone: somebody else was faster.
  const gone = action !== undefined && !action.allowed && !sending
  useEffect(() => setRefusal(gone ? action?.message : undefined), [gone, action?.message])

  const submit = async () => {
    setTried(true)
    if (!built.command || uploads.running) return
    setSending(true)
    setRefusal(undefined)
    try {
      await client.command(id, built.command).stored
      closeCommand()
    } catch (error) {
      setSending(false)
      setRefusal(
        error instanceof Refused
          ? error.refusal.message
          : error instanceof Error
            ? error.message
            : String(error),
      )
    }
  }
  return (
    <RoomContext value={room}>
      <Dialog
        title={words?.name ?? kind}
        onClose={closeCommand}
        wide={kind === 'accept_order' || kind === 'submit_requirements'}
        footer={
          <>
            {sending && offline ? (
              <p className="min-w-0 grow text-xs text-ink-2">{w.dialog.offline}</p>
            ) : null}
            <Button look="quiet" onPress={closeCommand}>
              {sending ? w.dialog.close : w.dialog.cancel}
            </Button>
            <Button
              look={DANGER.has(kind) ? 'danger' : 'accent'}
              isDisabled={sending || gone || uploads.running}
              onPress={() => void submit()}
            >
              {sending ? w.dialog.sending : (words?.submit ?? kind)}
            </Button>
          </>
        }
      >
        {words?.intro && <p className="text-sm text-pretty text-ink-2">{fill(words.intro, names)}</p>}
        <Preview kind={kind} />
        <Fields
          kind={kind}
          needs={needs}
          filled={now}
          onChange={setFilled}
          uploads={uploads}
          problems={tried ? built.problems : {}}
        />
        {refusal && (
          <p role="alert" className="rounded-sm bg-danger-soft px-3 py-2 text-sm text-danger">
            {refusal} {!gone && w.dialog.refusedKept}
          </p>
        )}
      </Dialog>
    </RoomContext>
  )
}
