// One file, large, and the others of this conversation beside it.

import type { FileRef } from '@order-chat/client'
import { ChevronLeft, ChevronRight, Download, ExternalLink, FileText, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from '../parts/button'
import { useRoomOnScreen } from '../room/context'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { useBytes } from './bytes'
import { shownAs } from './kinds'
import { type Looked, looked, useDownload } from './open'

export default function Lightbox() {
  const what = useStore(looked)
  return what ? <Open what={what} /> : null
}

function Open({ what: { order, file } }: { what: Looked }) {
  const { w, format, fill } = useWords()
  const all = useShown(order, file)
  const download = useDownload()
  const at = all.findIndex(({ id }) => id === file.id)
  const to = (step: number) => {
    const next = all[at + step]
    if (next) looked.set({ order, file: next })
  }
  const go = useRef(to)
  go.current = to
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      // A player has its own use for them.
      if (event.target instanceof HTMLMediaElement) return
      const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') go.current(event.key === forward ? 1 : -1)
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [])
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={open => !open && looked.set(undefined)}
      className="fixed inset-0 z-50 bg-ground"
    >
      <Modal className="h-full">
        <AriaDialog className="flex h-full flex-col outline-none">
          <header className="flex items-center gap-2 border-b border-line py-2 ps-4 pe-2">
            <Heading slot="title" dir="auto" className="min-w-0 truncate text-sm font-semibold">
              {file.name}
            </Heading>
            <span className="grow text-xs whitespace-nowrap text-ink-2">
              {format.size(file.size)}
              {all.length > 1 &&
                ` · ${fill(w.files.ofAll, { at: format.number(at + 1), all: format.number(all.length) })}`}
            </span>
            <IconButton
              icon={Download}
              label={fill(w.message.download, { name: file.name })}
              onPress={() => void download(file.id)}
            />
            <IconButton icon={X} label={w.dialog.close} onPress={() => looked.set(undefined)} />
          </header>
          {/* On a phone it has the whole width, and the way to the others is in reach of the thumb. */}
          <div className="grid min-h-0 grow grid-cols-2 grid-rows-[minmax(0,1fr)_auto] gap-1 p-2 sm:flex sm:items-center">
            {all.length > 1 && (
              <span className="max-sm:order-2">
                <IconButton
                  icon={ChevronLeft}
                  label={w.files.previous}
                  isDisabled={at <= 0}
                  onPress={() => to(-1)}
                />
              </span>
            )}
            <div className="col-span-2 flex h-full min-w-0 grow items-center justify-center max-sm:order-1">
              <Body key={file.id} file={file} />
            </div>
            {all.length > 1 && (
              <span className="max-sm:order-3 max-sm:text-end">
                <IconButton
                  icon={ChevronRight}
                  label={w.files.next}
                  isDisabled={at + 1 >= all.length}
                  onPress={() => to(1)}
                />
              </span>
            )}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** What of this conversation can be shown, as it was sent. */
function useShown(order: string, file: FileRef): readonly FileRef[] {
  const { state } = useRoomOnScreen(order)
  const files = state.items.flatMap(({ entry: { event }, retracted }) =>
    !retracted && (event.type === 'message.posted' || event.type === 'delivery.submitted')
      ? (event.files ?? [])
      : [],
  )
  const shown = [...new Map(files.filter(shownAs).map(one => [one.id, one])).values()]
  return shown.some(({ id }) => id === file.id) ? shown : [file]
}

function Body({ file }: { file: FileRef }) {
  switch (shownAs(file)) {
    case 'image':
      return <Large file={file} />
    case 'pdf':
      return <Pages file={file} />
    case 'audio':
    case 'video':
      return <Player file={file} />
    default:
      return <NotHere />
  }
}

function Large({ file }: { file: FileRef }) {
  const { url, failed } = useBytes(file, true)
  const [broken, setBroken] = useState(false)
  if (failed || broken) return <NotHere />
  return url ? (
    <img
      src={url}
      alt={file.name}
      draggable={false}
      onError={() => setBroken(true)}
      className="max-h-full max-w-full object-contain"
    />
  ) : (
    <Coming />
  )
}

/** A document is opened by the browser's own viewer in a tab of its own, where nothing of this page is. */
function Pages({ file }: { file: FileRef }) {
  const { url, failed } = useBytes(file, true)
  const { w } = useWords()
  if (failed) return <NotHere />
  if (!url) return <Coming />
  return (
    <div className="flex flex-col items-center gap-4 text-ink-2">
      <FileText size={48} strokeWidth={1} aria-hidden className="text-ink-3" />
      <a
        href={url}
        target="_blank"
        rel="noopener"
        className="inline-flex min-h-9 items-center gap-2 rounded-sm bg-accent px-4 text-sm font-medium text-on-accent pointer-coarse:min-h-11"
      >
        <ExternalLink size={16} strokeWidth={1.5} aria-hidden />
        {w.files.openTab}
      </a>
    </div>
  )
}

/** Sound and film come as they are played. An address ends after a while: another one goes on at the same place. */
function Player({ file }: { file: FileRef }) {
  const { api } = useSession()
  const [src, setSrc] = useState<string>()
  const [failed, setFailed] = useState(false)
  const player = useRef<HTMLVideoElement & HTMLAudioElement>(null)
  const place = useRef(0)
  const asked = useRef(0)
  const ask = () => {
    asked.current += 1
    api.fileAddress(file.id).then(
      address => (address ? setSrc(`${address}&inline`) : setFailed(true)),
      () => setFailed(true),
    )
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each file
  useEffect(ask, [])
  if (failed) return <NotHere />
  if (!src) return <Coming />
  const common = {
    ref: player,
    src,
    controls: true,
    preload: 'metadata',
    onTimeUpdate: () => {
      place.current = player.current?.currentTime ?? 0
      asked.current = 1
    },
    onLoadedMetadata: () => {
      if (player.current && place.current > 0) player.current.currentTime = place.current
    },
    onError: () => (asked.current < 3 ? ask() : setFailed(true)),
    'aria-label': file.name,
  }
  if (shownAs(file) === 'audio') return <audio {...common} className="w-full max-w-lg" />
  return <video {...common} playsInline className="max-h-full max-w-full" />
}

function Coming() {
  return <div className="skeleton late size-40" />
}

function NotHere() {
  const { w } = useWords()
  return (
    <p role="alert" className="text-sm text-ink-2">
      {w.files.notShown}
    </p>
  )
}
