// Files, chosen or dragged in (S48).

import { UploadCloud } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../parts/button'
import UploadList from '../uploads/upload-list'
import type { Uploads } from '../uploads/use-uploads'
import { useWords } from '../words/use-words'

export function FileField({
  label,
  uploads,
  problem,
  one,
}: {
  label?: string
  uploads: Uploads
  problem: string | undefined
  one?: boolean
}) {
  const { w } = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [choose, drop] = one
    ? [w.dialog.chooseFile, w.dialog.dropFile]
    : [w.dialog.chooseFiles, w.dialog.dropFiles]
  const take = (given: Iterable<File>) => {
    const files = [...given].slice(0, one ? 1 : undefined)
    // The only one is replaced by the next.
    if (one && files.length > 0) for (const { key } of uploads.all) uploads.remove(key)
    uploads.add(files)
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-invalid={problem !== undefined}>
      <legend className={label ? 'mb-1.5 text-sm font-medium' : 'sr-only'}>
        <bdi>{label ?? w.message.files}</bdi>
      </legend>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way of what the button does */}
      <div
        onDragOver={event => {
          event.preventDefault()
          event.stopPropagation()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          event.preventDefault()
          event.stopPropagation()
          setOver(false)
          take(event.dataTransfer.files)
        }}
        className={`flex flex-wrap items-center justify-center gap-3 rounded-lg border border-dashed px-4 py-6 text-sm text-ink-2 ${over ? 'border-accent bg-accent-soft' : 'border-line-strong'}`}
      >
        <UploadCloud size={20} strokeWidth={1.5} aria-hidden className="text-ink-3" />
        <Button small onPress={() => input.current?.click()}>
          {choose}
        </Button>
        <span className="pointer-coarse:hidden">{drop}</span>
        <input
          ref={input}
          hidden
          type="file"
          multiple={!one}
          tabIndex={-1}
          aria-label={label ?? choose}
          onChange={event => {
            take(event.target.files ?? [])
            event.target.value = ''
          }}
        />
      </div>
      <UploadList uploads={uploads} />
      {problem && (
        <p role="alert" className="text-xs text-danger">
          {problem}
        </p>
      )}
    </fieldset>
  )
}
