// What a delivery consists of: every file with size, type and hash, and what became of it since the last delivery (D8).

import type { FileRef } from '@order-chat/client'
import { FileX } from 'lucide-react'
import { Tag, type Tone } from '../parts/tag'
import { useRoom } from '../room/context'
import { useWords } from '../words/use-words'
import { Hash } from './check'
import { type Change, compare } from './compare'
import { FileName, Files, Save } from './file-list'
import { shownAs } from './kinds'

const tones: Record<Change, Tone> = { same: 'plain', renamed: 'plain', changed: 'attention', new: 'accent' }

export function Manifest({ no, files }: { no: number; files: readonly FileRef[] }) {
  const { order } = useRoom()
  const { w, fill } = useWords()
  const before = order?.deliveries.findLast(one => one.no < no && one.files.length > 0)
  const { files: compared, gone } = compare(files, before?.files)
  const pictures = files.filter(file => shownAs(file) === 'image')
  return (
    <div className="flex flex-col gap-2">
      {pictures.length > 0 && <Files files={pictures} />}
      <ul aria-label={w.files.manifest} className="flex flex-col divide-y divide-line">
        {compared.map(({ file, change, before }) => (
          <li key={file.id} className="flex flex-col py-1 text-sm">
            <div className="flex items-center gap-2">
              <FileName file={file} />
              <Save file={file} />
            </div>
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1 ps-6 text-xs text-ink-2">
              <span>{file.type}</span>
              {change && <Tag tone={tones[change]}>{w.files.changes[change]}</Tag>}
              {before && <span dir="auto">{fill(w.files.before, { name: before })}</span>}
              <Hash file={file} />
            </div>
          </li>
        ))}
        {gone.map(file => (
          <li key={file.id} className="flex items-center gap-2 py-1.5 text-sm text-ink-2">
            <FileX size={16} strokeWidth={1.5} aria-hidden className="text-ink-3" />
            <s dir="auto" className="min-w-0 grow truncate">
              {file.name}
            </s>
            <Tag tone="attention">{w.files.gone}</Tag>
          </li>
        ))}
      </ul>
      {before && <p className="text-xs text-ink-3">{w.files.comparedTo(before.no)}</p>}
    </div>
  )
}
