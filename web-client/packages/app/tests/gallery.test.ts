// The gallery shows one of everything: a kind of entry that the protocol gains has a place in it.

import { readFileSync } from 'node:fs'
import type { Item } from '@order-chat/client'
import { expect, it } from 'vitest'
import { cards, events, messages, prompt } from '../src/gallery/samples'

/** The kinds that the generated bindings name. */
function kinds(): string[] {
  const text = readFileSync(new URL('../../client/src/protocol.ts', import.meta.url), 'utf8')
  const begin = text.indexOf('export type Event = ')
  const end = text.indexOf('\nexport type ', begin + 1)
  return [...text.slice(begin, end).matchAll(/\{ "type": "([a-z_.]+)"/g)].map(([, kind]) => kind ?? '')
}

it('every kind of entry has a row', () => {
  const all = kinds()
  expect(all.length).toBeGreaterThan(40)
  expect(new Set(all).size).toBe(all.length)
  const items: readonly Item[] = [...messages, ...cards, ...events, prompt]
  const shown = new Set<string>(
    items.flatMap(({ entry, edited, retracted }) =>
      [entry, edited, retracted].flatMap(one => (one ? [one.event.type] : [])),
    ),
  )
  expect(all.filter(kind => !shown.has(kind))).toEqual([])
})
