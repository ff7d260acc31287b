import { FileText, LoaderCircle, RotateCw, TriangleAlert, X } from 'lucide-react'
import { IconButton } from '../parts/button'
import { useWords } from '../words/use-words'
import type { Uploads } from './use-uploads'

export function UploadList({ uploads }: { uploads: Uploads }) {
  const { w, format, fill } = useWords()
  if (uploads.all.length === 0) return null
  return (
    <ul className="flex max-h-48 flex-col gap-1 overflow-y-auto">
      {uploads.all.map(({ key, name, size, received = 0, state, problem }) => (
        <li
          key={key}
          className="flex items-center gap-2 rounded-sm border border-line bg-surface py-0.5 ps-3 pe-1 text-sm"
        >
          {state === 'running' ? (
            <LoaderCircle
              size={16}
              strokeWidth={1.5}
              className="animate-spin text-ink-3"
              aria-label={w.composer.uploading}
            />
          ) : state === 'failed' ? (
            <TriangleAlert size={16} strokeWidth={1.5} className="text-danger" aria-hidden />
          ) : (
            <FileText size={16} strokeWidth={1.5} className="text-ink-3" aria-hidden />
          )}
          <div className="min-w-0 grow">
            <span dir="auto" className="block truncate">
              {name}
            </span>
            {state === 'failed' && (
              <span role="alert" className="block text-xs text-pretty text-danger">
                {fill(w.composer.fileFailed, { problem: problem ?? '' })}
              </span>
            )}
          </div>
          {state !== 'failed' && (
            <span className="text-xs whitespace-nowrap text-ink-2 tabular-nums">
              {state === 'running' && received > 0 && `${format.size(received)} / `}
              {format.size(size)}
            </span>
          )}
          {state === 'failed' && (
            <IconButton
              small
              icon={RotateCw}
              label={w.composer.retryFile}
              onPress={() => uploads.retry(key)}
            />
          )}
          <IconButton
            small
            icon={X}
            label={fill(w.composer.remove, { name })}
            onPress={() => uploads.remove(key)}
          />
        </li>
      ))}
    </ul>
  )
}
