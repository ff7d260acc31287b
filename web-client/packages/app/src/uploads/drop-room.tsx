// The whole room takes files that are dragged in: they are added to the message that is written.

import { UploadCloud } from 'lucide-react'
import { type DragEvent, type ReactNode, useEffect, useState } from 'react'
import { allows, useRoom, useWriting } from '../room/context'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { useUploads } from './use-uploads'

export function DropRoom({ children }: { children: ReactNode }) {
  const { room, actions } = useRoom()
  const { w } = useWords()
  const uploads = useUploads(room.order, 'message')
  const [over, setOver] = useState(false)
  const edits = useStore(useWriting()).edit !== undefined
  const may = allows(actions, 'post_message') && !edits
  useNoStray()
  const takes = (event: DragEvent) => may && event.dataTransfer.types.includes('Files')
  return (
    <main
      className="relative flex min-w-0 grow flex-col bg-surface"
      onDragOver={event => {
        if (!takes(event)) return
        event.preventDefault()
        event.stopPropagation()
        event.dataTransfer.dropEffect = 'copy'
        setOver(true)
      }}
      onDragLeave={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={event => {
        setOver(false)
        if (!takes(event)) return
        event.preventDefault()
        uploads.add(event.dataTransfer.files)
      }}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-2 z-20 flex flex-col items-center justify-center gap-3 rounded-lg border-2 border-dashed border-accent bg-accent-soft/90 p-6 text-center text-sm font-medium text-ink">
          <UploadCloud size={28} strokeWidth={1.5} aria-hidden className="text-accent" />
          {w.uploads.drop}
        </div>
      )}
    </main>
  )
}

/** A file that misses the place must not take the page away. */
function useNoStray(): void {
  useEffect(() => {
    const stop = (event: globalThis.DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    window.addEventListener('dragover', stop)
    window.addEventListener('drop', stop)
    return () => {
      window.removeEventListener('dragover', stop)
      window.removeEventListener('drop', stop)
    }
  }, [])
}
