import { Plus, X } from 'lucide-react'
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
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{w.fields.points}</legend>
      {points.map((point, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else to be known by
        <div key={at} className="flex items-center gap-1">
          <input
            dir={directionOf(point)}
            value={point}
            aria-label={`${w.fields.point} ${at + 1}`}
            onChange={event => onChange(points.map((one, i) => (i === at ? event.target.value : one)))}
            onKeyDown={event => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing || points.length >= MOST) return
              event.preventDefault()
              onChange([...points.slice(0, at + 1), '', ...points.slice(at + 1)])
            }}
            className="h-9 min-w-0 grow rounded-sm border border-line-strong bg-surface px-3 text-sm pointer-coarse:h-11"
          />
          {points.length > 1 && (
            <IconButton
              small
              icon={X}
              label={w.message.discard}
              onPress={() => onChange(points.filter((_, i) => i !== at))}
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
          onPress={() => onChange([...points, ''])}
        >
          {w.fields.addPoint}
        </Button>
      )}
    </fieldset>
  )
}
