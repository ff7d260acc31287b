import type { CaseEntry } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { CaseStream } from '../src/desk/case-stream'

/** A stream of so many notes, and every question that was asked. */
function desk(head: number) {
  const asked: [number, number][] = []
  const state = { head }
  const stream = new CaseStream(async (after, limit) => {
    asked.push([after, limit])
    const seqs = Array.from({ length: state.head }, (_, at) => at + 1)
      .filter(seq => seq > after)
      .slice(0, limit)
    const entries = seqs.map(seq => ({ seq }) as CaseEntry)
    return { order: 'o', head: state.head, entries, more: (seqs.at(-1) ?? state.head) < state.head }
  })
  return { asked, state, stream }
}
const seqs = (entries: readonly CaseEntry[]) => entries.map(({ seq }) => seq)
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

describe('the stream of a case (S31)', () => {
  it('begins with its newest page and goes back to its first entry', async () => {
    const { stream, asked } = desk(250)
    expect(seqs(await stream.next())).toEqual(from(151, 250))
    await stream.older()
    expect(seqs(await stream.next())).toEqual(from(51, 250))
    await stream.older()
    await stream.older()
    expect(seqs(await stream.next())).toEqual(from(1, 250))
    expect(asked.filter(([, limit]) => limit > 100)).toEqual([])
  })

  it('is asked only for what came since, however much that is', async () => {
    const { stream, state, asked } = desk(3)
    await stream.next()
    state.head = 320
    asked.length = 0
    expect(seqs(await stream.next())).toEqual(from(1, 320))
    expect(asked[0]).toEqual([3, 100])
  })

  it('has each entry once, though two ask at the same time', async () => {
    const { stream } = desk(2)
    await Promise.all([stream.next(), stream.next()])
    expect(seqs(await stream.next())).toEqual([1, 2])
  })

  it('without an entry is empty', async () => {
    expect(await desk(0).stream.next()).toEqual([])
  })
})
