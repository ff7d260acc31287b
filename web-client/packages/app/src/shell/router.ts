// Where the reader is: the path, by the browser's own history.

import { Value } from '../store'

export type Place =
  | { readonly at: 'home' }
  | { readonly at: 'orders'; readonly order?: string }
  | { readonly at: 'desk'; readonly order?: string }
  | { readonly at: 'print'; readonly order: string }
  | { readonly at: 'demo' }
  | { readonly at: 'gallery' }
  | { readonly at: 'nowhere' }

export function placeOf(path: string): Place {
  const [first = '', second, more, ...rest] = path.split('/').filter(Boolean)
  if (first === 'orders' && second && more === 'print' && rest.length === 0)
    return { at: 'print', order: second }
  if (more !== undefined) return { at: 'nowhere' }
  if (first === '') return { at: 'home' }
  if (first === 'orders' || first === 'desk') return second ? { at: first, order: second } : { at: first }
  if ((first === 'demo' || first === 'gallery') && second === undefined) return { at: first }
  return { at: 'nowhere' }
}

export const path = new Value(window.location.pathname)

window.addEventListener('popstate', () => path.set(window.location.pathname))

export function go(to: string, { replace = false } = {}): void {
  if (to === path.getSnapshot()) return
  if (replace) window.history.replaceState(null, '', to)
  else window.history.pushState(null, '', to)
  path.set(to)
}

/** A plain click on a link stays in this page; others are the browser's. */
export function follow(event: React.MouseEvent<HTMLAnchorElement>): void {
  const { button, metaKey, ctrlKey, shiftKey, altKey, currentTarget } = event
  if (event.defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return
  if (currentTarget.target && currentTarget.target !== '_self') return
  event.preventDefault()
  go(currentTarget.pathname)
}

let wanted: string | undefined

/** Where somebody wanted to be who has to sign in first. */
export function remember(place: string): void {
  wanted = place
}

/** Takes them there, if it is for them. */
export function goOn(staff: boolean): void {
  const to = wanted ?? '/'
  wanted = undefined
  const forStaff = to.startsWith('/desk')
  go(staff === forStaff || to === '/gallery' ? to : '/')
}
