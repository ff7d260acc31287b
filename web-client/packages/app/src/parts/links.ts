// Addresses in what a person wrote. Loaded when a text may have one.

import { find } from 'linkifyjs'

export interface Part {
  readonly at: number
  readonly text: string
  readonly href?: string
}

/** Only addresses of the web and of mail become links, and none that would sign the reader in as somebody. */
export function parts(text: string): Part[] {
  const links = find(text).filter(
    ({ href }) => /^(https?:|mailto:)/.test(href) && URL.canParse(href) && !signsIn(href),
  )
  const cut: Part[] = []
  let from = 0
  for (const { start, end, value, href } of links) {
    if (start > from) cut.push({ at: from, text: text.slice(from, start) })
    cut.push({ at: start, text: value, href })
    from = end
  }
  if (from < text.length) cut.push({ at: from, text: text.slice(from) })
  return cut
}

/** As the page itself reads its address. */
function signsIn(href: string): boolean {
  const { hostname, hash } = new URL(href)
  return (
    hostname.replace(/\.$/, '') === window.location.hostname &&
    new URLSearchParams(hash.slice(1)).has('token')
  )
}
