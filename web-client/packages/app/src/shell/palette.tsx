// Ctrl K: go to an order, or do something in the open one, by a few letters.

import type { InboxRoom } from '@order-chat/client'
import {
  CircleDot,
  Headset,
  House,
  Keyboard,
  type LucideIcon,
  MessagesSquare,
  Monitor,
  Moon,
  Printer,
  Search,
  Store,
  Sun,
} from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components'
import { iconOfCommand } from '../commands/icons'
import { nameOfCommand } from '../commands/name'
import { openCommand } from '../commands/open'
import { sortedActions } from '../commands/sorted-actions'
import { numberOf } from '../inbox/lines'
import { useReadOn } from '../inbox/read-on'
import { comesFrom } from '../parts/focus'
import { offered, waitsIn } from '../room/context'
import { useAsked } from '../session/asked'
import { isDemo } from '../session/person'
import { useSession } from '../session/session'
import { useStore } from '../store'
import type { Format } from '../words/format'
import { labelText } from '../words/sentences'
import { useWords } from '../words/use-words'
import type { Words } from '../words/words'
import { overlay } from './overlay'
import { go, path, placeOf } from './router'
import { setTheme } from './theme'

interface Hit {
  readonly id: string
  readonly group: string
  readonly label: string
  /** What tells it from another of this label. */
  readonly notes?: readonly string[]
  readonly icon: LucideIcon
  readonly run: () => void
}

const MOST = 12
/** Conversations that are looked through. */
const SEARCHED = 500

export default function Palette() {
  const { w } = useWords()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [before] = useState(() => document.activeElement)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const all = useHits()
  useReadOn(text.trim() !== '', SEARCHED)
  const hits = useMemo(() => {
    const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean)
    return all
      .filter(({ label, notes = [] }) => {
        const said = [label, ...notes].join(' ').toLocaleLowerCase()
        return words.every(word => said.includes(word))
      })
      .slice(0, MOST)
  }, [all, text])
  const here = Math.min(at, hits.length - 1)
  const run = (hit: Hit | undefined) => {
    if (!hit) return
    overlay.set(undefined)
    comesFrom(before)
    hit.run()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const to = (here + (event.key === 'ArrowDown' ? 1 : hits.length - 1)) % Math.max(hits.length, 1)
      setAt(to)
      // With the heading that may be above it. A pointer moves nothing: it points at what is seen.
      list.current?.children[to]?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') run(hits[here])
  }
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={() => overlay.set(undefined)}
      className="fixed inset-0 z-50 flex items-start justify-center bg-scrim p-3 pt-[12dvh]"
    >
      <Modal className="rise w-full max-w-144 overflow-hidden rounded-lg bg-float shadow-float">
        <AriaDialog aria-label={w.nav.palette} className="outline-none">
          <div className="flex items-center gap-3 border-b border-line px-4">
            <Search size={18} strokeWidth={1.5} aria-hidden className="text-ink-3" />
            <input
              // biome-ignore lint/a11y/noAutofocus: it was asked for in order to type
              autoFocus
              role="combobox"
              aria-expanded
              aria-controls={id}
              aria-activedescendant={hits[here] ? `${id}-${hits[here].id}` : undefined}
              aria-label={w.palette.placeholder}
              placeholder={w.palette.placeholder}
              value={text}
              onChange={event => {
                setText(event.target.value)
                setAt(0)
                list.current?.scrollTo(0, 0)
              }}
              onKeyDown={key}
              className="h-12 min-w-0 grow bg-transparent text-base text-ink outline-none"
            />
          </div>
          <div
            ref={list}
            id={id}
            role="listbox"
            aria-label={w.nav.palette}
            className="max-h-96 overflow-y-auto p-1"
          >
            {hits.map((hit, index) => (
              <div key={hit.id}>
                {hits[index - 1]?.group !== hit.group && (
                  <p className="px-3 pt-2 pb-1 text-xs font-semibold text-ink-3">{hit.group}</p>
                )}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's */}
                <div
                  id={`${id}-${hit.id}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === here}
                  onClick={() => run(hit)}
                  onPointerMove={() => setAt(index)}
                  className={`flex min-h-10 cursor-pointer items-center gap-3 rounded-sm px-3 text-sm ${index === here ? 'bg-raised' : ''}`}
                >
                  <hit.icon size={16} strokeWidth={1.5} aria-hidden className="text-ink-2" />
                  <span dir="auto" className="truncate">
                    {hit.label}
                  </span>
                  {hit.notes && (
                    <span className="truncate text-xs text-ink-3">
                      {hit.notes.map((note, at) => (
                        <span key={note}>
                          {at > 0 && ' · '}
                          <bdi>{note}</bdi>
                        </span>
                      ))}
                    </span>
                  )}
                </div>
              </div>
            ))}
            {hits.length === 0 && <p className="p-4 text-sm text-ink-2">{w.palette.nothing}</p>}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

function useHits(): Hit[] {
  const { api, client, staff } = useSession()
  const { w, format } = useWords()
  const { rooms } = useStore(client.inbox)
  const queue = useAsked(staff ? () => api.deskQueue() : undefined, 'palette').data
  const place = placeOf(useStore(path))
  const open = (place.at === 'orders' || place.at === 'desk') && place.order ? place.order : undefined
  const snapshot = open ? client.room(open).getSnapshot().snapshot : undefined
  const order = snapshot?.kind === 'order' ? snapshot : undefined
  return useMemo(() => {
    const possible = offered(snapshot?.actions ?? [], order, open ? waitsIn(client.room(open)) : [])
    const acts = open
      ? sortedActions(possible, order?.next_step.you?.actions).now.map(
          ({ command }): Hit => ({
            id: command,
            group: w.palette.act,
            label: nameOfCommand(command, order, w),
            icon: iconOfCommand(command),
            run: () => openCommand({ order: open, kind: command }),
          }),
        )
      : []
    const orders = rooms.map(
      (room): Hit => ({
        id: room.order,
        group: w.palette.orders,
        label: room.title ?? room.other.name,
        notes: notesOf(room, w, format),
        icon: CircleDot,
        run: () => go(`/orders/${room.order}`),
      }),
    )
    const cases = (queue?.cases ?? []).map(
      (one): Hit => ({
        id: one.order,
        group: w.desk.title,
        label: one.title,
        notes: [numberOf(one), w.desk.kinds[one.kind] ?? one.kind],
        icon: Headset,
        run: () => go(`/desk/${one.order}`),
      }),
    )
    const places: Hit[] = [
      { id: 'home', group: w.palette.go, label: w.nav.home, icon: House, run: () => go('/') },
      ...(open
        ? [
            {
              id: 'print',
              group: w.palette.go,
              label: w.print.open,
              icon: Printer,
              run: () => go(`/orders/${open}/print`),
            },
          ]
        : []),
      {
        id: 'chat',
        group: w.palette.go,
        label: staff ? w.nav.desk : w.nav.chat,
        icon: MessagesSquare,
        run: () => go(staff ? '/desk' : '/orders'),
      },
    ]
    if (isDemo)
      places.push({
        id: 'demo',
        group: w.palette.go,
        label: w.nav.demo,
        icon: Store,
        run: () => go('/demo'),
      })
    const settings: Hit[] = [
      ...(['light', 'dark', 'system'] as const).map(
        (one): Hit => ({
          id: one,
          group: w.palette.settings,
          label: `${w.nav.theme}: ${w.nav.themes[one]}`,
          icon: { light: Sun, dark: Moon, system: Monitor }[one],
          run: () => setTheme(one),
        }),
      ),
      {
        id: 'keys',
        group: w.palette.settings,
        label: w.nav.keys,
        icon: Keyboard,
        run: () => overlay.set('keys'),
      },
    ]
    return [...acts, ...orders, ...cases, ...places, ...settings]
  }, [open, snapshot, order, rooms, queue, client, w, format, staff])
}

/** Whose it is, where it stands and when it moved: orders of one listing are told apart by these. */
function notesOf(room: InboxRoom, w: Words, format: Format): readonly string[] {
  const { title, other, label, last } = room
  const notes = [
    title && numberOf(room),
    title && other.name,
    label && labelText(label, w),
    last && format.short(last.at),
  ]
  return notes.flatMap(note => (note ? [note] : []))
}
