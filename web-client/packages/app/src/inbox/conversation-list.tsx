// All conversations: by status, searched, those first in which it is my turn.

import type { InboxTab } from '@order-chat/client'
import { MessagesSquare, RotateCw, Search, SearchX, X } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { Button, IconButton } from '../parts/button'
import { Empty, Failed } from '../parts/states'
import { Drafts } from '../room/drafts'
import { isDemo } from '../session/person'
import { useSession } from '../session/session'
import { Coming } from '../shell/coming'
import { go } from '../shell/router'
import { browserStorage } from '../storage'
import { useStore } from '../store'
import { useNow } from '../time/clock'
import { useWords } from '../words/use-words'
import { alike, found, sortedLines } from './lines'
import { useReadOn } from './read-on'
import { StatusTabs } from './status-tabs'
import { useTab } from './use-tab'
import { VirtualLines } from './virtual-lines'

/** Conversations that are looked through at once; a button leads on. */
const SEARCHED = 500

export function ConversationList({ here }: { here: string | undefined }) {
  const { client, me } = useSession()
  const inbox = useStore(client.inbox)
  const { w, fill } = useWords()
  const [tab, setTab] = useState<InboxTab>('all')
  const [text, setText] = useState('')
  const now = useNow(30_000)
  useReadOn(text.trim() !== '', SEARCHED)
  const list = useRef<HTMLDivElement>(null)
  const { rooms, counts, more, failed } = useTab(tab)
  const lines = useMemo(() => sortedLines(found(rooms, text)), [rooms, text])
  const twins = useMemo(() => alike(rooms), [rooms])
  const drafts = useMemo(() => new Drafts(browserStorage, me.user), [me.user])
  // The page's own heading is the room's, once one is open.
  const Title = here === undefined ? 'h1' : 'h2'
  const nothing = lines.length === 0
  return (
    <nav aria-label={w.inbox.title} className="flex min-h-0 grow flex-col">
      <Title className="px-4 pt-3 text-base font-semibold">{w.inbox.title}</Title>
      <div className="flex flex-col gap-2 px-3 pt-3">
        <div className="relative">
          <Search
            size={16}
            strokeWidth={1.5}
            aria-hidden
            className="pointer-events-none absolute inset-y-0 start-3 my-auto text-ink-3"
          />
          <input
            id="conversation-search"
            type="search"
            value={text}
            aria-label={w.inbox.search}
            placeholder={w.inbox.search}
            onChange={event => setText(event.target.value)}
            onKeyDown={event => event.key === 'ArrowDown' && move(event, list.current)}
            className="h-9 w-full rounded-sm border border-line bg-ground ps-9 pe-9 text-sm outline-offset-0 pointer-coarse:h-11 pointer-coarse:text-base [&::-webkit-search-cancel-button]:hidden"
          />
          {text && (
            <span className="absolute inset-y-0 end-0.5 flex items-center">
              <IconButton small icon={X} label={w.inbox.clear} onPress={() => setText('')} />
            </span>
          )}
        </div>
        <StatusTabs tab={tab} counts={counts} onChoose={setTab} />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside */}
      <div
        ref={list}
        onKeyDown={event => move(event, list.current)}
        className="flex min-h-0 grow flex-col overflow-y-auto px-2"
      >
        {inbox.status === 'loading' && <Coming rows={6} />}
        {failed?.first && nothing && <Failed title={w.inbox.failed} retry={failed.retry} />}
        {failed?.first && !nothing && <NotRead text={w.inbox.oldOnes} retry={failed.retry} />}
        {!nothing && (
          <VirtualLines
            lines={lines}
            twins={twins}
            here={here}
            me={me.user}
            now={now}
            drafts={drafts}
            scroller={list}
          />
        )}
        {failed && !failed.first && <NotRead text={w.inbox.moreFailed} retry={failed.retry} />}
        {more && !failed && (
          <Button look="quiet" small className="m-2" onPress={more}>
            {w.inbox.more}
          </Button>
        )}
        {nothing && inbox.status === 'ready' && !failed && (
          <Nothing
            text={text}
            tab={tab}
            clear={() => setText('')}
            hint={fill(w.inbox.nothingFound, { text })}
          />
        )}
      </div>
    </nav>
  )
}

/** Some of it is there, some did not come. */
function NotRead({ text, retry }: { text: string; retry: () => void }) {
  const { w } = useWords()
  return (
    <div role="alert" className="m-2 flex flex-col items-start gap-2 rounded-sm bg-danger-soft p-3">
      <p className="text-xs text-pretty text-danger">{text}</p>
      <Button small icon={RotateCw} onPress={retry}>
        {w.states.retry}
      </Button>
    </div>
  )
}

function Nothing({
  text,
  tab,
  clear,
  hint,
}: {
  text: string
  tab: InboxTab
  clear: () => void
  hint: string
}) {
  const { w } = useWords()
  if (text)
    return (
      <Empty icon={SearchX} title={hint}>
        <Button small onPress={clear}>
          {w.inbox.clear}
        </Button>
      </Empty>
    )
  if (tab !== 'all') return <p className="m-auto p-6 text-center text-sm text-ink-2">{w.inbox.emptyTab}</p>
  return (
    <Empty icon={MessagesSquare} title={w.inbox.empty} hint={w.inbox.emptyHint}>
      {isDemo && (
        <Button small onPress={() => go('/demo')}>
          {w.inbox.place}
        </Button>
      )}
    </Empty>
  )
}

/**
 * Up and down between the conversations; from outside to the first. Those that are in the page need not be neighbours: one
 * that is not there yet comes within a frame, and no key goes past it.
 */
function move(event: KeyboardEvent, list: HTMLElement | null): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  const line = document.activeElement?.closest<HTMLElement>('[data-index]')
  const at = line && list?.contains(line) ? Number(line.dataset.index) : -1
  const next = at < 0 ? '' : `[data-index="${event.key === 'ArrowDown' ? at + 1 : at - 1}"] `
  if (at > 0 || event.key === 'ArrowDown')
    list?.querySelector<HTMLElement>(`${next}[data-conversation]`)?.focus()
  else document.getElementById('conversation-search')?.focus()
}
