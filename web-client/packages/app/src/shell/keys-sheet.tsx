import { Dialog } from '../parts/dialog'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { overlay } from './overlay'

const everywhere = [
  ['palette', 'Ctrl K'],
  ['help', '?'],
  ['search', '/'],
  ['next', 'Alt ↓'],
  ['previous', 'Alt ↑'],
] as const
const room = [
  ['write', 'C'],
  ['send', 'Enter'],
  ['line', 'Shift Enter'],
  ['editLast', '↑'],
  ['actions', 'A'],
  ['status', 'I'],
  ['leave', 'Esc'],
] as const

/** What a key does by itself anywhere in the page: these can be turned off. */
const alone: ReadonlySet<string> = new Set(['help', 'search', 'write', 'actions', 'status'])

export default function KeysSheet() {
  const { singleKeys } = useSession()
  const single = useStore(singleKeys)
  const { w } = useWords()
  return (
    <Dialog title={w.keys.title} light onClose={() => overlay.set(undefined)}>
      {(['everywhere', 'room'] as const).map(group => (
        <section key={group} className="flex flex-col gap-2">
          <h3 className="text-xs font-semibold text-ink-2">{w.keys.groups[group]}</h3>
          <dl className="flex flex-col gap-1">
            {(group === 'everywhere' ? everywhere : room)
              .filter(([name]) => single || !alone.has(name))
              .map(([name, key]) => (
                <div key={name} className="flex items-center justify-between gap-4 text-sm">
                  <dt>{w.keys.list[name]}</dt>
                  <dd className="flex gap-1">
                    {key.split(' ').map(one => (
                      <kbd
                        key={one}
                        className="badge rounded-sm border border-line bg-raised px-1.5 py-0.5 font-sans text-xs text-ink-2"
                      >
                        {one}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p className="text-xs text-pretty text-ink-2">{w.keys.single[single ? 'on' : 'off']}</p>
    </Dialog>
  )
}
