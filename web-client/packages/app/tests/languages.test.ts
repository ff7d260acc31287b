import { describe, expect, it } from 'vitest'
import { counted } from '../src/words/ar/plural'
import { en } from '../src/words/en'
import { languages } from '../src/words/words'

/** What a marketplace or the service says itself; a language may know some of it. */
const OPTIONAL = ['labels.', 'reasons.']

type Leaves = Map<string, unknown>

function leavesOf(words: object, path = '', found: Leaves = new Map()): Leaves {
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'object' && value !== null) leavesOf(value, `${path}${key}.`, found)
    else found.set(path + key, value)
  }
  return found
}

const placesIn = (text: unknown) => [...String(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

describe('every language', async () => {
  const english = leavesOf(en)
  const required = [...english.keys()].filter(key => !OPTIONAL.some(part => key.startsWith(part)))
  it.each(await Promise.all(languages.map(async ({ tag, load }) => ({ tag, words: await load() }))))(
    '$tag has all sentences, with the same places to fill',
    ({ words }) => {
      const leaves = leavesOf(words)
      for (const key of required) {
        const [ours, theirs] = [english.get(key), leaves.get(key)]
        expect(theirs, key).toBeTruthy()
        if (typeof ours === 'string') expect(placesIn(theirs), key).toEqual(placesIn(ours))
      }
      const more = [...leaves.keys()].filter(key => !english.has(key))
      expect(more.filter(key => !OPTIONAL.some(part => key.startsWith(part)))).toEqual([])
    },
  )
})

describe('Arabic', () => {
  it('counts in six forms', () => {
    const forms = { zero: 'none', one: 'one', two: 'two', few: '# few', many: '# many', other: '# other' }
    expect([0, 1, 2, 5, 20, 100].map(n => counted(n, forms).split(' ').at(-1))).toEqual([
      'none',
      'one',
      'two',
      'few',
      'many',
      'other',
    ])
  })

  it('sets apart what is filled in', async () => {
    const words = await languages.find(({ tag }) => tag === 'ar')?.load()
    expect(words?.inbox.with).toContain('\u2068{name}\u2069')
  })
})
