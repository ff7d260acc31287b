// Keys that work everywhere; none of them is taken from somebody who types.

import { useEffect } from 'react'
import { actionsOpen } from '../commands/actions-menu'
import { usePanes } from '../parts/media'
import { toggleStatus } from '../room/room-page'
import { useSession } from '../session/session'
import { overlay } from './overlay'
import type { Place } from './router'

export function useKeys(place: Place): void {
  const panes = usePanes()
  const { singleKeys } = useSession()
  const inRoom = (place.at === 'orders' || place.at === 'desk') && place.order !== undefined
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        overlay.set(overlay.getSnapshot() === 'palette' ? undefined : 'palette')
        return
      }
      if (document.querySelector('[role="dialog"]')) return
      if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        event.preventDefault()
        step(event.key === 'ArrowDown' ? 1 : -1)
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || overlay.getSnapshot())
        return
      if (!singleKeys.getSnapshot()) return
      const run = {
        '?': () => overlay.set('keys'),
        '/': () => document.getElementById('conversation-search')?.focus(),
        c: inRoom ? () => document.getElementById('composer')?.focus() : undefined,
        a: inRoom ? () => actionsOpen.set(true) : undefined,
        i: inRoom ? () => toggleStatus(panes === 3) : undefined,
      }[event.key]
      if (!run) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [inRoom, panes, singleKeys])
}

/** Opens the conversation after or before the open one. */
function step(way: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-conversation]')]
  const at = links.findIndex(link => link.getAttribute('aria-current') === 'page')
  links[at + way]?.click()
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
    target.closest('[role="dialog"],[role="menu"]') !== null
  )
}
