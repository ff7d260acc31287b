// What was added, what has come of it, and what can be done about it.

import { CirclePause, FileText, LoaderCircle, Pause, Play, RotateCw, TriangleAlert, X } from 'lucide-react'
import { useRef } from 'react'
import { Button, IconButton } from '../parts/button'
import { useSession } from '../session/session'
import { refusalText } from '../words/problems'
import { useWords } from '../words/use-words'
import { canTryAgain, moves, type Refusal, type Trouble, type Upload } from './upload'
import type { Uploads } from './use-uploads'

export default function UploadList({ uploads }: { uploads: Uploads }) {
  return (
    <>
      <Refused refused={uploads.refused} />
      {uploads.all.length > 0 && (
        <ul className="flex max-h-48 flex-col gap-1 overflow-y-auto">
          {uploads.all.map(upload => (
            <Line key={upload.key} upload={upload} uploads={uploads} />
          ))}
        </ul>
      )}
    </>
  )
}

function Line({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { w, fill } = useWords()
  const { key, name, state } = upload
  const small = { small: true } as const
  return (
    <li className="relative flex items-center gap-2 overflow-hidden rounded-sm border border-line bg-surface py-0.5 ps-3 pe-1 text-sm">
      <Sign state={state} />
      <div className="min-w-0 grow py-0.5">
        <span dir="auto" className="block truncate">
          {name}
        </span>
        <Told upload={upload} />
      </div>
      {state === 'needs_file' && <ChooseAgain upload={upload} uploads={uploads} />}
      {moves(upload) && (
        <IconButton
          {...small}
          icon={Pause}
          label={fill(w.uploads.pause, { name })}
          onPress={() => uploads.pause(key)}
        />
      )}
      {state === 'paused' && (
        <IconButton
          {...small}
          icon={Play}
          label={fill(w.uploads.resume, { name })}
          onPress={() => uploads.resume(key)}
        />
      )}
      {canTryAgain(upload) && (
        <IconButton
          {...small}
          icon={RotateCw}
          label={fill(w.uploads.retry, { name })}
          onPress={() => uploads.resume(key)}
        />
      )}
      <IconButton
        {...small}
        icon={X}
        label={fill(state === 'done' ? w.uploads.remove : w.uploads.cancel, { name })}
        onPress={() => uploads.remove(key)}
      />
      {state !== 'done' && <Bar upload={upload} />}
    </li>
  )
}

function Sign({ state }: Pick<Upload, 'state'>) {
  const look = { size: 16, strokeWidth: 1.5, 'aria-hidden': true }
  switch (state) {
    case 'running':
      return <LoaderCircle {...look} className="animate-spin text-ink-3" />
    case 'failed':
      return <TriangleAlert {...look} className="text-danger" />
    case 'needs_file':
      return <TriangleAlert {...look} className="text-attention" />
    case 'paused':
    case 'cut':
      return <CirclePause {...look} className="text-ink-3" />
    default:
      return <FileText {...look} className="text-ink-3" />
  }
}

function Told({ upload }: { upload: Upload }) {
  const { w, format, fill } = useWords()
  const trouble = useTrouble()
  const { received, size, state } = upload
  const amounts = { done: format.size(received), all: format.size(size) }
  const so_far = fill(w.uploads.soFar, amounts)
  if (state === 'failed' && upload.trouble)
    return (
      <span role="alert" className="block text-xs text-pretty text-danger">
        {trouble(upload.trouble)}
      </span>
    )
  const text =
    state === 'done'
      ? format.size(size)
      : state === 'waiting'
        ? w.uploads.waiting
        : state === 'cut'
          ? `${so_far} · ${w.uploads.cut}`
          : state === 'paused'
            ? `${so_far} · ${w.uploads.paused}`
            : state === 'needs_file'
              ? upload.trouble
                ? trouble(upload.trouble)
                : fill(w.uploads.chooseAgain, amounts)
              : so_far
  return (
    <span className="block text-xs text-pretty text-ink-2 tabular-nums">
      {state === 'running' && <span className="sr-only">{w.uploads.running} </span>}
      {text}
    </span>
  )
}

function Bar({ upload: { name, received, size, state } }: { upload: Upload }) {
  const part = size > 0 ? Math.round((100 * received) / size) : 0
  return (
    <div
      role="progressbar"
      aria-label={name}
      aria-valuenow={part}
      className="absolute inset-x-0 bottom-0 h-0.5 bg-raised"
    >
      <div
        className={`h-full ${state === 'running' ? 'bg-accent' : 'bg-line-strong'}`}
        style={{ width: `${part}%` }}
      />
    </div>
  )
}

/** After a reload only the person can give a large file again. */
function ChooseAgain({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { w, fill } = useWords()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        hidden
        type="file"
        tabIndex={-1}
        aria-label={fill(w.uploads.chooseThis, { name: upload.name })}
        onChange={event => {
          const [file] = event.target.files ?? []
          if (file) uploads.give(upload.key, file)
          event.target.value = ''
        }}
      />
      <Button small onPress={() => input.current?.click()}>
        {w.uploads.choose}
      </Button>
    </>
  )
}

function Refused({ refused }: { refused: readonly Refusal[] }) {
  const { w, format, fill } = useWords()
  if (refused.length === 0) return null
  return (
    <div role="alert">
      <ul className="flex flex-col gap-0.5 py-1 text-xs text-pretty text-danger">
        {refused.map(({ name, why, limit }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they come and go together
          <li key={at}>{fill(w.uploads.refused[why] ?? why, { name, limit: format.size(limit ?? 0) })}</li>
        ))}
      </ul>
    </div>
  )
}

/** Buyer and seller have half of a room's space each, and those of customer experience a share of theirs. */
function useTrouble(): (trouble: Trouble) => string {
  const { w, fill } = useWords()
  const { staff } = useSession()
  return ({ code, detail }) =>
    (staff ? w.uploads.troubles[`${code}.staff`] : undefined) ??
    w.uploads.troubles[code] ??
    fill(w.uploads.trouble, { problem: refusalText({ code, message: detail }, w) })
}
