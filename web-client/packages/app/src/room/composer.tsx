// Where a person writes: the text is kept until it is written down, whatever happens to the connection.

import { NotQueued } from '@order-chat/client'
import { ArrowUp, Check, CornerUpLeft, Paperclip, Pencil, X } from 'lucide-react'
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { ActionsMenu } from '../commands/actions-menu'
import { useReason } from '../commands/reason'
import { IconButton } from '../parts/button'
import { directionOf } from '../parts/direction'
import { lazily } from '../parts/lazily'
import { useMedia } from '../parts/media'
import { plain } from '../parts/plain'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { Begun } from '../uploads/begun'
import { useUploads } from '../uploads/use-uploads'
import { useWords } from '../words/use-words'
import { allows, useRoom, useRoomState, useWriting } from './context'
import { quoteOf } from './quote'

const UploadList = lazily(() => import('../uploads/upload-list'))

const TEXT_CHARS = 4000

export const Composer = memo(function Composer() {
  const { room, actions } = useRoom()
  const { me } = useSession()
  const { w } = useWords()
  const writing = useWriting()
  const { draft, edit, sending } = useStore(writing)
  const { text } = edit ?? draft
  const { replyTo } = draft
  const [problem, setProblem] = useState<string>()
  const uploads = useUploads(room.order, 'message')
  const field = useRef<HTMLTextAreaElement>(null)
  const touch = useMedia('(pointer: coarse)')
  const may = allows(actions, 'post_message')
  const closed = actions.find(({ command }) => command === 'post_message')
  const reason = useReason()
  const written = plain(text)
  const length = [...written].length
  const over = length - TEXT_CHARS
  const something = length > 0 || (!edit && uploads.files.length > 0)
  const ready = over <= 0 && something && !uploads.running && !sending

  useEffect(() => writing.open(), [writing])
  const editing = edit?.seq
  useEffect(() => {
    if (editing !== undefined || replyTo !== undefined) field.current?.focus()
  }, [editing, replyTo])
  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useEffect(() => grow(field.current), [text])

  const stop = () => {
    writing.stop()
    field.current?.focus()
  }
  const send = async () => {
    if (!ready) return
    const sent = edit ? [] : uploads.all.filter(({ file }) => file)
    const files = sent.flatMap(({ file }) => (file ? [file.id] : []))
    const message = {
      ...(length > 0 ? { text: written } : {}),
      ...(files.length > 0 ? { files } : {}),
      ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    }
    setProblem(undefined)
    field.current?.focus()
    try {
      await writing.send(
        () =>
          (edit ? room.command({ type: 'edit_message', seq: edit.seq, text: written }) : room.post(message))
            .queued,
      )
      for (const { key } of sent) uploads.remove(key)
    } catch (error) {
      setProblem(error instanceof NotQueued && error.why === 'full' ? w.composer.tooMany : w.composer.notKept)
    }
  }
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey && !touch) {
      event.preventDefault()
      void send()
    } else if (event.key === 'Escape' && (edit || replyTo !== undefined)) {
      event.preventDefault()
      stop()
    } else if (event.key === 'ArrowUp' && !event.altKey && text === '' && !edit) {
      const last = room
        .getSnapshot()
        .items.findLast(
          ({ entry, text }) =>
            entry.by.user === me.user && text && Date.now() - Date.parse(entry.at) < 14 * 60_000,
        )
      if (last?.text) {
        event.preventDefault()
        writing.edit(last.entry.seq, last.text)
      }
    }
  }

  return (
    <section
      aria-label={w.composer.label}
      className="border-t border-line bg-surface px-3 pt-2 pb-[max(8px,env(safe-area-inset-bottom))] sm:px-5"
    >
      {may ? (
        <>
          <Doing onStop={stop} />
          {!edit && <Begun />}
          {!edit && uploads.all.length + uploads.refused.length > 0 && <UploadList uploads={uploads} />}
          <div className="flex items-end gap-1 pt-1">
            <ActionsMenu />
            {!edit && <Attach add={uploads.add} />}
            <textarea
              ref={field}
              rows={1}
              dir={directionOf(text)}
              id="composer"
              value={text}
              aria-label={w.composer.label}
              placeholder={w.composer.placeholderRoom}
              onChange={event => {
                writing.type(event.target.value)
                room.typing()
              }}
              onBlur={() => room.typing(false)}
              onKeyDown={key}
              onPaste={event => {
                if (event.clipboardData.files.length > 0 && !edit) uploads.add(event.clipboardData.files)
              }}
              className="max-h-40 min-h-9 min-w-0 grow resize-none rounded-lg border border-line bg-ground px-3 py-[7px] text-sm text-ink outline-offset-0 focus-visible:outline-1 pointer-coarse:min-h-11 pointer-coarse:py-[9px] pointer-coarse:text-base"
            />
            <IconButton
              icon={edit ? Check : ArrowUp}
              label={edit ? w.composer.save : w.composer.send}
              look={ready ? 'accent' : 'quiet'}
              isDisabled={!ready}
              onPress={() => void send()}
            />
          </div>
          {(problem || over > -200) && (
            <p
              role={problem || over > 0 ? 'alert' : undefined}
              className={`pt-1 text-xs ${problem || over > 0 ? 'text-danger' : 'text-ink-3'}`}
            >
              {problem ?? (over > 0 ? w.composer.tooLong(over) : w.dialog.charsLeft(-over))}
            </p>
          )}
        </>
      ) : (
        <div className="flex items-center gap-2 pb-1">
          <ActionsMenu />
          <p className="text-sm text-ink-2">
            {closed?.code ? reason(closed, 'post_message') : w.room.readOnly}
          </p>
        </div>
      )}
    </section>
  )
})

/** What is answered or changed, with the way out. */
function Doing({ onStop }: { onStop: () => void }) {
  const { telling } = useRoom()
  const { items } = useRoomState()
  const { w, fill } = useWords()
  const { draft, edit } = useStore(useWriting())
  if (!edit && draft.replyTo === undefined) return null
  const quote = edit || draft.replyTo === undefined ? undefined : quoteOf(items, draft.replyTo, telling)
  const Icon = edit ? Pencil : CornerUpLeft
  return (
    <div className="flex items-center gap-2 py-1 ps-2 text-xs text-ink-2">
      <Icon size={14} strokeWidth={1.5} aria-hidden className="text-accent" />
      <p className="min-w-0 grow truncate">
        <b className="font-semibold">
          {edit ? w.composer.editing : fill(w.composer.replying, { name: quote?.name ?? '' })}
        </b>
        {quote && <span dir="auto"> {quote.text}</span>}
      </p>
      <IconButton
        small
        icon={X}
        label={edit ? w.composer.cancelEdit : w.composer.cancelReply}
        onPress={onStop}
      />
    </div>
  )
}

function Attach({ add }: { add: (files: Iterable<File>) => void }) {
  const { w } = useWords()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-hidden
        tabIndex={-1}
        onChange={event => {
          add(event.target.files ?? [])
          event.target.value = ''
        }}
      />
      <IconButton icon={Paperclip} label={w.composer.attach} onPress={() => input.current?.click()} />
    </>
  )
}

function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight + 2}px`
}
