import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { Button, IconButton } from '../parts/button'
import { directionOf } from '../parts/direction'
import { useWords } from '../words/use-words'

const MOST = 50

/** A list of lines; Enter begins the next. */
export function PointsField({
  points,
  onChange,
}: {
  points: readonly string[]
  onChange: (points: readonly string[]) => void
}) {
  const { w } = useWords()
  // The line that takes the focus once it is there.
  const next = useRef<number>(undefined)
  const become = (lines: readonly string[], focus: number) => {
    next.current = focus
    onChange(lines)
  }
  const take = (at: number) => (line: HTMLInputElement | null) => {
    if (!line || next.current !== at) return
    next.current = undefined
    line.focus()
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{w.fields.points}</legend>
      {points.map((point, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else to be known by
        <div key={at} className="flex items-center gap-1">
          <input
            ref={take(at)}
            dir={directionOf(point)}
            value={point}
            aria-label={`${w.fields.point} ${at + 1}`}
            onChange={event => onChange(points.map((one, i) => (i === at ? event.target.value : one)))}
            onKeyDown={event => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing || points.length >= MOST) return
              event.preventDefault()
              become([...points.slice(0, at + 1), '', ...points.slice(at + 1)], at + 1)
            }}
            className="h-9 min-w-0 grow rounded-sm border border-line-strong bg-surface px-3 text-sm pointer-coarse:h-11"
          />
          {points.length > 1 && (
            <IconButton
              small
              icon={X}
              label={w.message.discard}
              onPress={() =>
                become(
                  points.filter((_, i) => i !== at),
                  Math.max(0, at - 1),
                )
              }
            />
          )}
        </div>
      ))}
      {points.length < MOST && (
        <Button
          small
          look="quiet"
          icon={Plus}
          className="self-start"
          onPress={() => become([...points, ''], points.length)}
        >
          {w.fields.addPoint}
        </Button>
      )}
    </fieldset>
  )
}
