// Around every page: the navigation with the Chat bubble, the word about the connection, and what floats above.

import { type ReactNode, useEffect } from 'react'
import { asked } from '../commands/open'
import { looked } from '../files/open'
import { lazily } from '../parts/lazily'
import { usePanes } from '../parts/media'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { ConnectionBanner } from './connection-banner'
import { useKeys } from './keys'
import { Navigation } from './navigation'
import { useNotices, useSeen } from './notices'
import { overlay } from './overlay'
import { PageTitle } from './page-title'
import type { Place } from './router'

const CommandDialog = lazily(() => import('../commands/command-dialog'), {
  close: () => asked.set(undefined),
})
const Lightbox = lazily(() => import('../files/lightbox'), { close: () => looked.set(undefined) })
const ofOverlay = { close: () => overlay.set(undefined) }
const KeysSheet = lazily(() => import('./keys-sheet'), ofOverlay)
const Palette = lazily(() => import('./palette'), ofOverlay)
const LeaveDialog = lazily<{ forgets: boolean }>(() => import('./leave-dialog'), ofOverlay)

const soon = [
  () => import('../commands/command-dialog'),
  () => import('../commands/actions-list'),
  () => import('../parts/menu-list'),
  // Who signs out without a connection is asked too.
  () => import('./leave-dialog'),
]

export function Frame({ place, children }: { place: Place; children: ReactNode }) {
  const panes = usePanes()
  const command = useStore(asked)
  const file = useStore(looked)
  const open = useStore(overlay)
  const { w } = useWords()
  useKeys()
  // On a phone the room has the whole height: its own header leads back.
  const inRoom = panes === 1 && (place.at === 'orders' || place.at === 'desk') && place.order !== undefined
  useEffect(prepare, [])
  useNotices()
  useSeen('order' in place ? place.order : undefined)
  return (
    <div className={`flex h-dvh print:block print:h-auto ${panes === 1 ? 'flex-col-reverse' : ''}`}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-60 focus:m-2 focus:rounded-sm focus:bg-float focus:px-4 focus:py-2"
      >
        {w.nav.skip}
      </a>
      <PageTitle place={place} />
      {!inRoom && place.at !== 'print' && <Navigation place={place} panes={panes} />}
      <div id="main" tabIndex={-1} className="outline-none flex min-h-0 min-w-0 grow flex-col">
        <ConnectionBanner />
        <div className="flex min-h-0 grow print:block">{children}</div>
      </div>
      {command && <CommandDialog />}
      {file && <Lightbox />}
      {open === 'keys' && <KeysSheet />}
      {open === 'palette' && <Palette />}
      {(open === 'leave' || open === 'forget') && <LeaveDialog forgets={open === 'forget'} />}
    </div>
  )
}

/** What the next press may need is loaded once the page stands still. */
function prepare(): () => void {
  const timer = setTimeout(() => {
    // What does not come now is asked for again when it is needed.
    for (const load of soon) load().catch(() => undefined)
  }, 2000)
  return () => clearTimeout(timer)
}
