// What a person wrote: its own direction, its own line breaks, and addresses that can be followed.

import { memo, useEffect } from 'react'
import { useStore, Value } from '../store'
import type { Part } from './links'

/** Who finds addresses; a text is read as well while it is on its way. */
const links = new Value<typeof import('./links') | undefined>(undefined)

/** Without a network they are plain text; the next text asks again. */
function load(): void {
  if (links.getSnapshot()) return
  import('./links').then(
    found => links.set(found),
    () => undefined,
  )
}

const MAY_HAVE = /\S[.:@]\S/

export const PersonText = memo(function PersonText({ text }: { text: string }) {
  const finds = useStore(links)
  const may = MAY_HAVE.test(text)
  useEffect(() => {
    if (may) load()
  }, [may])
  const parts = may && finds ? finds.parts(text) : [{ at: 0, text }]
  return (
    <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {parts.map(({ at, text, href }: Part) =>
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
