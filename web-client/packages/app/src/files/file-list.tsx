// Files as they stand in a message: images as small pictures whose place is kept before they come, others as lines.

import type { FileRef } from '@order-chat/client'
import { AudioLines, Download, FileText, Film, Image, ImageOff, type LucideIcon } from 'lucide-react'
import { IconButton } from '../parts/button'
import { useRoom } from '../room/context'
import { useWords } from '../words/use-words'
import { useBytes } from './bytes'
import { type Shown, shownAs } from './kinds'
import { looked, useDownload } from './open'

const signs: Record<Shown, LucideIcon> = { image: Image, video: Film, audio: AudioLines, pdf: FileText }

export function iconOfFile(file: FileRef): LucideIcon {
  const shown = shownAs(file)
  return shown ? signs[shown] : FileText
}

export function Files({ files, pictures = true }: { files: readonly FileRef[]; pictures?: boolean }) {
  const { w } = useWords()
  const seen = pictures ? files.filter(file => shownAs(file) === 'image') : []
  const lines = files.filter(file => !seen.includes(file))
  return (
    <>
      {seen.length > 0 && (
        <ul className="flex flex-wrap gap-1.5 pt-1" aria-label={w.files.pictures}>
          {seen.map(file => (
            <li key={file.id}>
              <Picture file={file} />
            </li>
          ))}
        </ul>
      )}
      {lines.length > 0 && (
        <ul className="flex flex-col gap-1.5 pt-1" aria-label={w.message.files}>
          {lines.map(file => (
            <li
              key={file.id}
              className="flex items-center gap-2 rounded-sm border border-line bg-surface py-0.5 ps-2.5 pe-0.5 text-sm print:pe-2.5"
            >
              <FileName file={file} />
              <Save file={file} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Its sign, its name and its size; pressed, it is shown where that can be, else saved. */
export function FileName({ file }: { file: FileRef }) {
  const { w, format, fill } = useWords()
  const { room } = useRoom()
  const download = useDownload()
  const shown = shownAs(file)
  const Icon = iconOfFile(file)
  return (
    <>
      <Icon size={16} strokeWidth={1.5} aria-hidden className="text-ink-3" />
      <button
        type="button"
        title={fill(shown ? w.files.show : w.message.download, { name: file.name })}
        className="min-h-7 min-w-0 grow truncate rounded-sm text-start hover:underline pointer-coarse:min-h-11"
        onClick={() => (shown ? looked.set({ order: room.order, file }) : void download(file.id))}
      >
        <bdi>{file.name}</bdi>
      </button>
      <span className="text-xs whitespace-nowrap text-ink-2">{format.size(file.size)}</span>
    </>
  )
}

export function Save({ file }: { file: FileRef }) {
  const { w, fill } = useWords()
  const download = useDownload()
  return (
    <IconButton
      small
      icon={Download}
      label={fill(w.message.download, { name: file.name })}
      onPress={() => void download(file.id)}
    />
  )
}

function Picture({ file }: { file: FileRef }) {
  const { w, fill } = useWords()
  const { room } = useRoom()
  const { url, failed } = useBytes(file, true)
  const name = fill(w.files.show, { name: file.name })
  return (
    <button
      type="button"
      aria-label={name}
      title={file.name}
      onClick={() => looked.set({ order: room.order, file })}
      className="flex h-30 w-40 items-center justify-center overflow-hidden rounded-sm border border-line bg-raised text-ink-3"
    >
      {url ? (
        <img src={url} alt="" decoding="async" draggable={false} className="size-full object-contain" />
      ) : failed ? (
        <ImageOff size={20} strokeWidth={1.5} aria-hidden />
      ) : (
        <Image size={20} strokeWidth={1.5} aria-hidden />
      )}
    </button>
  )
}
