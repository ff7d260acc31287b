// Around every page: the navigation with the Chat bubble, the word about the connection, and what floats above.

import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { asked } from '../commands/open'
import { looked } from '../files/open'
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

const CommandDialog = lazy(() => import('../commands/command-dialog'))
const Lightbox = lazy(() => import('../files/lightbox'))
const KeysSheet = lazy(() => import('./keys-sheet'))
const Palette = lazy(() => import('./palette'))

export function Frame({ place, children }: { place: Place; children: ReactNode }) {
  const panes = usePanes()
  const command = useStore(asked)
  const file = useStore(looked)
  const open = useStore(overlay)
  const { w } = useWords()
  useKeys(place)
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
      <Suspense>
        {command && <CommandDialog />}
        {file && <Lightbox />}
        {open === 'keys' && <KeysSheet />}
        {open === 'palette' && <Palette />}
      </Suspense>
    </div>
  )
}

/** What the next press may need is loaded once the page stands still. */
function prepare(): () => void {
  const timer = setTimeout(() => {
    void import('../commands/command-dialog')
    void import('../commands/actions-list')
    void import('../parts/menu-list')
  }, 2000)
  return () => clearTimeout(timer)
}
