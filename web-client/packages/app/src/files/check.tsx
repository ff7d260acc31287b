// The SHA-256 of a file: short, whole on demand, to copy, and to check against the bytes that arrive here (D8).

import type { FileRef } from '@order-chat/client'
import { CircleCheck, CircleX, Copy, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../parts/button'
import { copy } from '../room/message-row'
import { useSessionIfAny } from '../session/session'
import { useWords } from '../words/use-words'

/** More than this is not read into a page. */
const CHECKED_BYTES = 300_000_000

export function Hash({ file }: { file: FileRef }) {
  const { w, format } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        title={w.cards.checksum}
        onClick={() => setOpen(!open)}
        className="min-h-6 rounded-sm text-start font-mono text-xs break-all text-ink-2 hover:underline pointer-coarse:min-h-11 pointer-coarse:px-2"
      >
        <span className="sr-only">{w.cards.checksum} </span>
        {format.onPaper ? file.sha256 : file.sha256.slice(0, 8)}
      </button>
      {open && (
        <div className="flex w-full flex-col gap-1.5 py-1">
          <code className="text-xs break-all text-ink-2">{file.sha256}</code>
          <div className="flex flex-wrap items-center gap-1">
            <Button small look="quiet" icon={Copy} onPress={() => copy(file.sha256, w.message.copied)}>
              {w.files.copyHash}
            </Button>
            <Check file={file} />
          </div>
        </div>
      )}
    </>
  )
}

type Found = 'checking' | 'same' | 'other' | 'failed'

function Check({ file }: { file: FileRef }) {
  const { w } = useWords()
  const session = useSessionIfAny()
  const [found, setFound] = useState<Found>()
  // Browsers hash only on pages that came over a safe connection.
  if (!session || !crypto.subtle || file.size > CHECKED_BYTES) return null
  const check = async () => {
    setFound('checking')
    try {
      const bytes = await (await session.files.read(file)).arrayBuffer()
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      const hex = [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('')
      setFound(hex === file.sha256 ? 'same' : 'other')
    } catch {
      setFound('failed')
    }
  }
  if (found === 'same' || found === 'other') {
    const Icon = found === 'same' ? CircleCheck : CircleX
    return (
      <span
        role="status"
        className={`inline-flex items-center gap-1.5 px-2 text-xs font-medium ${found === 'same' ? 'text-positive' : 'text-danger'}`}
      >
        <Icon size={14} strokeWidth={1.5} aria-hidden />
        {w.files.checked[found]}
      </span>
    )
  }
  return (
    <>
      <Button
        small
        look="quiet"
        icon={ShieldCheck}
        isPending={found === 'checking'}
        onPress={() => void check()}
      >
        {found === 'checking' ? w.files.checking : w.files.check}
      </Button>
      {found === 'failed' && (
        <span role="alert" className="text-xs text-danger">
          {w.message.notHere}
        </span>
      )}
    </>
  )
}
