// The dialog of whichever command is asked for: its words, what it rests on, and the fields that the service says it needs.

import { Refused } from '@order-chat/client'
import { useEffect, useMemo, useState } from 'react'
import { openPoints } from '../entries/checklist'
import { Button } from '../parts/button'
import { Dialog } from '../parts/dialog'
import { RoomAround, useRoomOnScreen } from '../room/context'
import { showWritten } from '../room/written'
import { useSession } from '../session/session'
import { useAway } from '../shell/away'
import { browserStorage } from '../storage'
import { useStore } from '../store'
import { moves } from '../uploads/upload'
import { useUploads } from '../uploads/use-uploads'
import { problemText } from '../words/problems'
import { namesIn } from '../words/sentences'
import { useWords } from '../words/use-words'
import { attachedTo, withFiles } from './attached'
import { Fields } from './fields'
import { begin, build, type Filled } from './form'
import { KeptForms } from './kept-form'
import { nameOfCommand } from './name'
import { type Asked, answers, asked, closeCommand } from './open'
import { Preview } from './preview'
import { useReason } from './reason'

const DANGER: ReadonlySet<string> = new Set([
  'decline_order',
  'consent_cancel',
  'cancel_order',
  'approve_cancel',
  'retract_message',
])

const WIDE: ReadonlySet<string> = new Set([
  'accept_order',
  'submit_requirements',
  'accept_delivery',
  'request_revision',
  'deliver_files',
])

export default function CommandDialog() {
  const what = useStore(asked)
  return what ? <CommandForm key={`${what.order} ${what.kind} ${what.seq ?? ''}`} what={what} /> : null
}

function CommandForm({ what }: { what: Asked }) {
  const { kind, order: id, seq } = what
  const { seen, state } = useRoomOnScreen(id)
  const { client, me, ticks, uploads: desk } = useSession()
  const { w, fill } = useWords()
  const reason = useReason()
  const { order, actions, telling } = seen
  const action = actions.find(({ command }) => command === kind)
  const needs =
    action?.needs ??
    (kind === 'retract_message' ? [{ field: 'seq', kind: 'entry' as const, required: true }] : [])
  const uploads = useUploads(id, kind)
  const forms = useMemo(() => new KeptForms(browserStorage, me.user), [me.user])
  const first = (): Partial<Filled> => {
    const points = openPoints(state.entries, id, ticks.getSnapshot())
    return {
      ...(kind === 'request_revision' && points.length > 0 ? { points } : {}),
      ...forms.get(id, kind),
    }
  }
  const [filled, setFilled] = useState<Filled>(() => begin(kind, order, first()))
  const [tried, setTried] = useState(false)
  const fillIn = (next: Filled) => {
    // Another outcome has fields of its own, which nobody has tried yet.
    if (next.outcome !== filled.outcome) setTried(false)
    setFilled(next)
    forms.set(id, kind, next)
  }
  const [taking, setTaking] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const attached = attachedTo(id, kind, useStore(desk.all))
  const whole = attached.every(({ state }) => state === 'done')
  const now = withFiles(filled, kind, order, attached)
  // What is decided about is what was on the screen, not what came meanwhile.
  const latest = order?.deliveries.at(-1)?.no
  const [delivery, setDelivery] = useState(latest)
  const newer =
    latest !== undefined && latest !== delivery && needs.some(need => need.kind === 'delivery')
      ? latest
      : undefined
  const built = build({ kind, needs, order, seq, delivery, filled: now })
  const words = w.commands[kind]
  const offline = useAway()
  const names = useMemo(() => namesIn(telling), [telling])
  // Also when it was sent from a dialog that was closed since, or before a reload.
  const sending = taking || state.pending.some(one => one.state !== 'refused' && answers(what, one.command))
  // What it was about is gone: somebody else was faster.
  const gone = action !== undefined && !action.allowed && !sending
  const lost = gone && action ? reason(action, kind) : undefined
  useEffect(() => setRefusal(lost), [lost])

  const close = () => closeCommand(what)
  const submit = async () => {
    setTried(true)
    if (!built.command || !whole || sending) return
    setTaking(true)
    setRefusal(undefined)
    const command = client.command(id, built.command)
    try {
      const ack = await command.stored
      // What changes a message stays where that message is.
      if (seq === undefined) showWritten(seen.room, me.user, ack)
      forms.forget(id, kind)
      for (const { key } of attached) desk.remove(key)
      close()
    } catch (error) {
      // Told here, where it is mended, and not once more in the timeline.
      if (error instanceof Refused && asked.getSnapshot() === what) client.discard(command.id)
      setTaking(false)
      setRefusal(error instanceof Refused ? reason(error.refusal, kind) : problemText(error, w))
    }
  }
  return (
    <RoomAround seen={seen} state={state}>
      <Dialog
        title={nameOfCommand(kind, order, w)}
        onClose={close}
        wide={WIDE.has(kind)}
        footer={
          <>
            {sending && offline ? (
              <p className="min-w-0 flex-[1_1_12rem] text-xs text-ink-2">{w.dialog.offline}</p>
            ) : null}
            <Button look="quiet" onPress={close}>
              {sending ? w.dialog.close : w.dialog.cancel}
            </Button>
            <Button
              look={DANGER.has(kind) ? 'danger' : 'accent'}
              // Who pressed it keeps the focus, and with it every key.
              isPending={sending}
              isDisabled={gone || newer !== undefined || attached.some(moves)}
              onPress={() => void submit()}
            >
              {sending ? w.dialog.sending : (words?.submit ?? kind)}
            </Button>
          </>
        }
      >
        {words?.intro && <p className="text-sm text-pretty text-ink-2">{fill(words.intro, names)}</p>}
        <Preview kind={kind} delivery={delivery} />
        {newer !== undefined && (
          <div
            role="alert"
            className="flex flex-wrap items-center gap-3 rounded-sm bg-attention-soft px-3 py-2 text-sm text-attention"
          >
            <span className="min-w-0 grow">{w.files.newer(newer)}</span>
            <Button
              small
              onPress={() => {
                setDelivery(newer)
                setRefusal(undefined)
              }}
            >
              {w.files.showNewer(newer)}
            </Button>
          </div>
        )}
        <Fields
          kind={kind}
          needs={needs}
          filled={now}
          onChange={fillIn}
          uploads={uploads}
          problems={tried ? built.problems : {}}
        />
        {tried && !whole && (
          <p role="alert" className="text-sm text-danger">
            {w.uploads.unfinished}
          </p>
        )}
        {refusal && (
          <p role="alert" className="rounded-sm bg-danger-soft px-3 py-2 text-sm text-danger">
            {refusal} {!gone && w.dialog.refusedKept}
          </p>
        )}
      </Dialog>
    </RoomAround>
  )
}
