// What a person wrote: its own direction, its own line breaks, and addresses that can be followed.

import { find } from 'linkifyjs'
import { memo } from 'react'

export const PersonText = memo(function PersonText({ text }: { text: string }) {
  return (
    <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {parts(text).map(({ at, text, href }) =>
        href ? (
          <a
            key={at}
            href={href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="underline decoration-1 underline-offset-2"
          >
            {text}
          </a>
        ) : (
          text
        ),
      )}
    </p>
  )
})

interface Part {
  readonly at: number
  readonly text: string
  readonly href?: string
}

/** Only addresses of the web and of mail become links. */
export function parts(text: string): Part[] {
  const links = find(text).filter(({ href }) => /^(https?:|mailto:)/.test(href))
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
