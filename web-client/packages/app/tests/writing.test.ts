// @vitest-environment happy-dom

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Drafts } from '../src/room/drafts'
import { RoomWriting } from '../src/room/writing'
import { Guarded } from '../src/storage'

/** What stands in the field. */
const field = (writing: RoomWriting) => {
  const { edit, draft } = writing.getSnapshot()
  return (edit ?? draft).text
}
const opened = () => new RoomWriting(new Drafts(localStorage, 'b'), 'o')

/** Somebody takes their time to write it down. */
function slowly() {
  const sent: string[] = []
  let done = () => {}
  let fail = (_: Error) => {}
  const queue = (writing: RoomWriting) =>
    writing.send(
      () =>
        new Promise<void>((resolve, reject) => {
          sent.push(field(writing))
          done = resolve
          fail = reject
        }),
    )
  return { sent, queue, done: () => done(), fail: (error: Error) => fail(error) }
}

describe('what is written in a room (S27, S57)', () => {
  beforeEach(() => localStorage.clear())

  it('the draft waits beneath an edit, and is there again when the edit is cancelled', () => {
    const writing = opened()
    writing.type('half a thought')
    writing.edit(7, 'sent before')
    writing.type('sent before, better')
    expect(field(writing)).toBe('sent before, better')
    writing.stop()
    expect(field(writing)).toBe('half a thought')
    writing.edit(7, 'sent before')
    expect(field(writing)).toBe('sent before')
  })

  it('the draft is there again when the edit is saved, after a reload too', async () => {
    const writing = opened()
    writing.type('half a thought')
    writing.reply(3)
    writing.edit(7, 'sent before')
    writing.type('better')
    await writing.send(async () => {})
    expect(writing.getSnapshot()).toEqual({ draft: { text: 'half a thought', replyTo: 3 } })
    expect(opened().getSnapshot()).toEqual(writing.getSnapshot())
  })

  it('an edit goes on after a reload, and its draft with it', () => {
    const writing = opened()
    writing.type('half a thought')
    writing.edit(7, 'sent before')
    writing.type('sent before, better')
    const again = opened()
    expect(again.getSnapshot().edit).toEqual({ seq: 7, text: 'sent before, better' })
    again.stop()
    expect(field(again)).toBe('half a thought')
    expect(opened().getSnapshot().edit).toBeUndefined()
  })

  it('a reply sets an edit aside; its text is neither the reply nor lost', () => {
    const writing = opened()
    writing.type('half a thought')
    writing.edit(7, 'sent before')
    writing.type('better')
    writing.reply(3)
    expect(writing.getSnapshot()).toEqual({ draft: { text: 'half a thought', replyTo: 3 } })
    writing.edit(7, 'sent before')
    expect(field(writing)).toBe('better')
  })

  it('what is being written down is not sent twice, and what is typed meanwhile stays', async () => {
    const writing = opened()
    const { sent, queue, done } = slowly()
    writing.type('hello')
    writing.reply(3)
    const first = queue(writing)
    await queue(writing)
    writing.type('hello and more')
    done()
    await first
    expect(sent).toEqual(['hello'])
    expect(writing.getSnapshot()).toEqual({ draft: { text: ' and more' } })
    expect(opened().getSnapshot()).toEqual(writing.getSnapshot())
  })

  it('what was changed meanwhile stays whole', async () => {
    const writing = opened()
    const { queue, done } = slowly()
    writing.type('hello')
    const sending = queue(writing)
    writing.type('good morning')
    writing.reply(4)
    done()
    await sending
    expect(writing.getSnapshot()).toEqual({ draft: { text: 'good morning', replyTo: 4 } })
  })

  it('what could not be written down stays, and can be sent again', async () => {
    const writing = opened()
    const { sent, queue, done, fail } = slowly()
    writing.type('hello')
    const refused = queue(writing)
    fail(new Error('full'))
    await expect(refused).rejects.toThrow('full')
    expect(field(writing)).toBe('hello')
    const again = queue(writing)
    done()
    await again
    expect(sent).toEqual(['hello', 'hello'])
    expect(field(writing)).toBe('')
  })

  it('a saved edit ends no other one', async () => {
    const writing = opened()
    const { queue, done } = slowly()
    writing.edit(7, 'one')
    const sending = queue(writing)
    writing.edit(9, 'two')
    done()
    await sending
    expect(writing.getSnapshot().edit).toEqual({ seq: 9, text: 'two' })
    writing.edit(7, 'one, saved')
    expect(field(writing)).toBe('one, saved')
  })

  it('is there again in a room that is left and entered where the storage is full', () => {
    let kept = JSON.stringify({ o: { text: 'of before' } })
    let full = true
    const storage = {
      getItem: () => kept,
      setItem: (_: string, value: string) => {
        if (full) throw new DOMException('no', 'QuotaExceededError')
        kept = value
      },
    } as unknown as Storage
    const opened = () => new RoomWriting(new Drafts(new Guarded(() => storage), 'b'), 'o')
    const writing = opened()
    writing.type('of now')
    writing.edit(7, 'sent before')
    writing.type('better')
    writing.open()
    expect(field(writing)).toBe('better')
    writing.stop()
    writing.open()
    expect(field(writing)).toBe('of now')
    full = false
    writing.type('kept again')
    opened().type('of another tab')
    writing.open()
    expect(field(writing)).toBe('of another tab')
  })

  it('tells when a message went out, and not when an edit did or nothing could', async () => {
    const writing = opened()
    const told = vi.fn()
    writing.sent.subscribe(told)
    writing.type('hello')
    await expect(writing.send(async () => Promise.reject(new Error('full')))).rejects.toThrow('full')
    await writing.send(async () => {})
    writing.edit(7, 'hello')
    await writing.send(async () => {})
    expect(told).toHaveBeenCalledTimes(1)
  })

  it('is what another tab left, when the room is opened anew', () => {
    const writing = opened()
    writing.type('here')
    opened().type('there')
    writing.open()
    expect(field(writing)).toBe('there')
  })
})
