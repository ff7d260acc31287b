import { describe, expect, it } from 'vitest'
import { emptyInbox, failed, withEntry, withLine, withPage, withRead } from '../src/inbox.js'
import type { InboxPage, InboxRoom } from '../src/protocol.js'
import { entry } from './samples.js'

const line = (order: string, head: number, unread: number, at = '2026-11-22T10:00:00Z'): InboxRoom => ({
  order,
  other: { user: 'seller', name: 'Seller' },
  head,
  unread,
  last: { by: { role: 'seller', user: 'seller', name: 'Seller' }, preview: '…', at },
})
const page = (rooms: InboxRoom[], next?: string): InboxPage => ({
  tabs: { all: rooms.length } as InboxPage['tabs'],
  rooms,
  ...(next === undefined ? {} : { next }),
})

describe('the conversation list', () => {
  it('is the pages together, the latest first, each room once', () => {
    const first = withPage(
      emptyInbox,
      page([line('a', 5, 1), line('b', 5, 0, '2026-11-22T09:00:00Z')], 'more'),
      true,
    )
    expect([first.next, first.unread]).toEqual(['more', { rooms: 1, entries: 1 }])
    const both = withPage(first, page([line('b', 6, 2, '2026-11-22T11:00:00Z'), line('c', 1, 0)]), false)
    expect(both.rooms.map(({ order }) => order)).toEqual(['b', 'a', 'c'])
    expect([both.next, both.unread]).toEqual([undefined, { rooms: 2, entries: 3 }])
  })

  it('a page that is older than what was heard since does not turn it back', () => {
    const heard = withLine(emptyInbox, line('a', 7, 3))
    expect(withPage(heard, page([line('a', 5, 1)]), true).rooms[0]?.head).toBe(7)
    expect(withLine(heard, line('a', 6, 2))).toBe(heard)
  })

  it('counts each entry of a followed room once; one’s own and the bot’s are not unread, and the bot’s are not the last', () => {
    let inbox = withLine(emptyInbox, line('a', 5, 0))
    inbox = withEntry(inbox, 'a', entry(6), 'me')
    expect(withEntry(inbox, 'a', entry(6), 'me')).toBe(inbox)
    inbox = withEntry(inbox, 'a', entry(7, undefined, 'me'), 'me')
    inbox = withEntry(inbox, 'a', entry(8, { type: 'bot.prompted' } as never), 'me')
    expect(inbox.rooms[0]).toMatchObject({ head: 8, unread: 1, last: { preview: 'text 7' } })
    expect(withRead(inbox, 'a', 8, undefined).unread).toEqual({ rooms: 0, entries: 0 })
  })

  it('a preview is cut by characters, not through them', () => {
    const inbox = withLine(emptyInbox, line('a', 1, 0))
    const long = withEntry(inbox, 'a', entry(2, { type: 'message.posted', text: '😀'.repeat(200) }), 'me')
    expect(long.rooms[0]?.last?.preview).toBe('😀'.repeat(140))
  })

  it('a failure keeps what is known', () => {
    const inbox = failed(withLine(emptyInbox, line('a', 1, 0)), 'away', true)
    expect(inbox).toMatchObject({ status: 'failed', problem: 'away', rooms: [{ order: 'a' }] })
    // A further page that failed leaves the list ready, says why, and can be asked for again.
    const first = withPage(inbox, page([line('a', 1, 0)], 'more'), true)
    expect(first.problem).toBeUndefined()
    const without = failed(first, 'away', false)
    expect(without).toMatchObject({ status: 'ready', problem: 'away', next: 'more' })
    expect(withPage(without, page([line('b', 1, 0)]), false).problem).toBeUndefined()
    expect(withPage(inbox, page([line('a', 1, 0)]), true)).not.toHaveProperty('problem')
  })
})
