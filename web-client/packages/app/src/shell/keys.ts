// Keys that work everywhere. From somebody who writes only Ctrl K is taken.

import { useEffect } from 'react'
import { useSession } from '../session/session'
import { overlay } from './overlay'

/** What a key alone leads to, by its id: a field is gone to, a button pressed. Where it is not shown the key does nothing. */
const alone: Readonly<Record<string, string>> = {
  '/': 'conversation-search',
  c: 'composer',
  a: 'order-actions',
  i: 'order-status',
}

const TYPED_IN = 'input,textarea,select,[contenteditable],[role="dialog"],[role="menu"]'

export function useKeys(): void {
  const { singleKeys } = useSession()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        overlay.set(overlay.getSnapshot() === 'palette' ? undefined : 'palette')
        return
      }
      if (document.querySelector('[role="dialog"]')) return
      const typing = isTyping(event.target)
      if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        // In a text they may lead from paragraph to paragraph; an empty field has none.
        if (typing && (event.target as HTMLInputElement).value !== '') return
        event.preventDefault()
        step(event.key === 'ArrowDown' ? 1 : -1)
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || typing || overlay.getSnapshot()) return
      if (!singleKeys.getSnapshot()) return
      const there = document.getElementById(alone[event.key] ?? '')
      if (event.key === '?') overlay.set('keys')
      else if (there instanceof HTMLButtonElement) there.click()
      else if (there) there.focus()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [singleKeys])
}

/** Opens the conversation after or before the open one. */
function step(way: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-conversation]')]
  const at = links.findIndex(link => link.getAttribute('aria-current') === 'page')
  links[at + way]?.click()
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPED_IN) !== null
}
