// What only staff sees of a case: how it stands, how far both sides have read, and the notes.

import type { CaseEntry, OrderId } from '@order-chat/client'
import { StickyNote } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../parts/button'
import { TextArea } from '../parts/field'
import { Moment } from '../parts/moment'
import { plain } from '../parts/plain'
import { useRoom, useRoomState } from '../room/context'
import { type Draft, Drafts, noDraft } from '../room/drafts'
import { useAsked } from '../session/asked'
import { useSession } from '../session/session'
import { Line, Part } from '../status/parts'
import { browserStorage } from '../storage'
import { problemText } from '../words/problems'
import { actorName } from '../words/sentences'
import { useWords } from '../words/use-words'
import { CaseStream } from './case-stream'

const EVERY_MS = 10_000

export function CaseAside() {
  const { order } = useRoom()
  if (!order) return null
  return (
    <>
      {order.case && <CaseFacts />}
      <Sides />
      <Notes />
    </>
  )
}

function CaseFacts() {
  const { order, telling } = useRoom()
  const { w } = useWords()
  const open = order?.case
  if (!open) return null
  return (
    <Part title={w.desk.case}>
      <dl className="flex flex-col gap-1.5">
        <Line name={w.desk.kinds[open.kind] ?? open.kind}>{open.by ? telling[open.by] : w.desk.byClock}</Line>
        <Line name={w.desk.opened}>
          <Moment at={open.opened_at} />
        </Line>
      </dl>
      {open.reason && (
        <p
          dir="auto"
          className="border-s-2 border-line-strong ps-3 text-sm whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {open.reason}
        </p>
      )}
    </Part>
  )
}

function Sides() {
  const { order } = useRoom()
  const state = useRoomState()
  const { w, fill } = useWords()
  if (!order) return null
  const read = (user: string) => {
    const seq = state.cursors[user] ?? 0
    if (seq === 0) return w.desk.seenNothing
    return seq >= state.head
      ? w.desk.seenAll
      : fill(w.desk.seenUpTo, { seq: String(seq), head: String(state.head) })
  }
  return (
    <Part title={w.desk.sides}>
      <dl className="flex flex-col gap-1.5">
        {[order.parties.buyer, order.parties.seller].map(({ user, name }) => (
          <Line key={user} name={name}>
            {read(user)}
          </Line>
        ))}
      </dl>
    </Part>
  )
}

function Notes() {
  const { room, me } = useRoom()
  const { api } = useSession()
  const { w } = useWords()
  const { order } = room
  const stream = useMemo(
    () => new CaseStream((after, limit) => api.caseEntries(order, after, limit)),
    [api, order],
  )
  const { data: entries, problem, again } = useAsked(() => stream.next(), `case/${order}`, EVERY_MS)
  const [missed, setMissed] = useState<string>()
  const older = () =>
    stream.older().then(
      () => {
        setMissed(undefined)
        again()
      },
      error => setMissed(problemText(error, w)),
    )
  return (
    <Part title={w.desk.notes} aside={w.desk.notesHint}>
      <NewNote key={order} order={order} me={me} saved={again} />
      <Told problem={problem} />
      {entries?.length === 0 && <p className="text-sm text-ink-3">{w.desk.noNotes}</p>}
      {entries && entries.length > 0 && (
        <ol className="flex flex-col gap-2">
          {[...entries].reverse().map(entry => (
            <StreamEntry key={entry.seq} entry={entry} />
          ))}
        </ol>
      )}
      {(entries?.[0]?.seq ?? 1) > 1 && (
        <Button small look="quiet" className="self-start" onPress={older}>
          {w.inbox.more}
        </Button>
      )}
      <Told problem={missed} />
    </Part>
  )
}

/** Kept until it is saved, as every draft is. */
function NewNote({ order, me, saved }: { order: OrderId; me: string; saved: () => void }) {
  const { api } = useSession()
  const { w } = useWords()
  const drafts = useMemo(() => new Drafts(browserStorage, me), [me])
  const place = `${order} note`
  const [note, setNote] = useState(() => drafts.get(place))
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string>()
  const write = (note: Draft) => {
    setNote(note)
    drafts.set(place, note)
  }
  const save = async () => {
    const { text, id = crypto.randomUUID() } = note
    write({ text, id })
    setSaving(true)
    setProblem(undefined)
    try {
      await api.noteOnCase(order, id, plain(text))
      // This may be another case by now, and back.
      setNote(now => (now.id === id ? noDraft : now))
      if (drafts.get(place).id === id) drafts.set(place, noDraft)
      saved()
    } catch (error) {
      setProblem(problemText(error, w))
    }
    setSaving(false)
  }
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        label={w.desk.addNote}
        rows={2}
        value={note.text}
        readOnly={saving}
        onChange={text => write({ text })}
      />
      <Button
        small
        icon={StickyNote}
        className="self-start"
        isPending={saving}
        isDisabled={plain(note.text) === ''}
        onPress={() => void save()}
      >
        {w.desk.saveNote}
      </Button>
      <Told problem={problem} />
    </div>
  )
}

function Told({ problem }: { problem: string | undefined }) {
  if (problem === undefined) return null
  return (
    <p role="alert" className="text-xs text-danger">
      {problem}
    </p>
  )
}

function StreamEntry({ entry }: { entry: CaseEntry }) {
  const { telling } = useRoom()
  const { api } = useSession()
  const { w, fill } = useWords()
  const { event } = entry
  const to = event.type === 'case.assigned' ? event.to : undefined
  // The stream knows agents by their ids, which are no names.
  const agents = useAsked(to === undefined ? undefined : () => api.deskAgents(), `agent/${to}`)
  const name = agents.data?.agents.find(({ user }) => user === to)?.name
  const by = actorName(entry.by, telling)
  const when = <Moment at={entry.at} as="short" className="shrink-0 text-ink-3" />
  if (event.type === 'case.noted')
    return (
      <li className="card rounded-sm bg-attention-soft px-3 py-2">
        <p className="flex justify-between gap-2 text-xs text-ink-2">
          {by} {when}
        </p>
        <p dir="auto" className="text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
          {event.text}
        </p>
      </li>
    )
  const text = fill(w.desk.events[event.type] ?? event.type, {
    by,
    to: name ?? w.roles.agent ?? '',
  })
  return (
    <li className="flex justify-between gap-2 text-xs text-ink-2">
      {text} {when}
    </li>
  )
}
