// @vitest-environment happy-dom

import { type Entry, HttpProblem } from '@order-chat/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { nothingFilled } from '../src/commands/form'
import { KeptForms } from '../src/commands/kept-form'
import { openPoints } from '../src/entries/checklist'
import { listOf, Ticks } from '../src/entries/ticks'
import { compare } from '../src/files/compare'
import { shownAs } from '../src/files/kinds'
import { judge, pauseMs, troubleOf } from '../src/uploads/judge'
import { afterReload, isSame, type KeptUpload, lasts } from '../src/uploads/upload'

const file = (name: string, sha256: string) => ({
  id: `${name} ${sha256}`,
  name,
  size: 1,
  sha256,
  type: 'text/plain',
})
const refused = (status: number, code = '', more = {}) =>
  new HttpProblem({ type: 'about:blank', title: '', status, detail: 'x', code, retry: false, ...more })

it('an upload goes on by itself after a reload unless it was refused', () => {
  const goOn = [new TypeError('no network'), refused(401)].map(error => lasts(troubleOf(error)))
  const stay = [refused(415, 'type_not_allowed'), refused(507), refused(413, 'room_full')]
  expect(goOn).toEqual([false, false])
  expect(stay.map(error => lasts(troubleOf(error)))).toEqual([true, true, true])
  const kept = (more: Partial<KeptUpload>) =>
    afterReload({
      key: 'k',
      order: 'o',
      list: 'l',
      name: 'n',
      size: 1,
      modified: 1,
      addedAt: 1,
      attempt: 'a',
      ...more,
    })
  const source = new File(['x'], 'n')
  const trouble = { code: 'type_not_allowed', detail: '' }
  expect([kept({ source }), kept({ source, paused: true }), kept({})]).toEqual([
    'waiting',
    'paused',
    'needs_file',
  ])
  expect([kept({ source, trouble }), kept({ trouble })], 'a large one too').toEqual(['failed', 'failed'])
})

describe('D8: a delivery beside the last one', () => {
  const changes = (now: ReturnType<typeof file>[], before: ReturnType<typeof file>[]) =>
    compare(now, before).files.map(({ change }) => change)

  it('a first one is compared with nothing', () => {
    expect(compare([file('a', '1')], undefined)).toEqual({ files: [{ file: file('a', '1') }], gone: [] })
  })

  it('says what is same, changed, new, renamed and gone', () => {
    const before = [file('a', '1'), file('b', '2'), file('c', '3'), file('d', '4')]
    const now = [file('a', '1'), file('b', '9'), file('e', '3'), file('f', '7')]
    expect(changes(now, before)).toEqual(['same', 'changed', 'renamed', 'new'])
    expect(compare(now, before).files[2]?.before).toBe('c')
    expect(compare(now, before).gone).toEqual([file('d', '4')])
  })

  it('two files of one name are told apart by what is in them', () => {
    expect(changes([file('a', '2'), file('a', '1')], [file('a', '1')])).toEqual(['new', 'same'])
    expect(changes([file('a', '1')], [file('a', '2'), file('a', '1')])).toEqual(['same'])
    expect(compare([file('a', '1')], [file('a', '2'), file('a', '1')]).gone).toEqual([file('a', '2')])
  })
})

describe('D8: the changes that were asked for', () => {
  beforeEach(() => localStorage.clear())
  const entries = [{ seq: 4, event: { type: 'revision.requested', no: 1, points: ['x', 'y', 'z'] } }]

  it('are ticked off by each reader, over a reload; what is left begins the next request', () => {
    const ticks = new Ticks(localStorage, 'b')
    expect(openPoints(entries as unknown as Entry[], 'o', ticks.getSnapshot())).toEqual([])
    ticks.toggle(listOf('o', 1), 0)
    ticks.toggle(listOf('o', 1), 2)
    ticks.toggle(listOf('o', 1), 2)
    const again = new Ticks(localStorage, 'b').getSnapshot()
    expect(openPoints(entries as unknown as Entry[], 'o', again)).toEqual(['y', 'z'])
    expect(new Ticks(localStorage, 's').getSnapshot()).toEqual({})
  })
})

describe('what is shown in the page', () => {
  it('is nothing that could run', () => {
    for (const type of ['image/svg+xml', 'text/html', 'application/xhtml+xml', 'text/xml', 'image/tiff', ''])
      expect(shownAs({ type, size: 1 }), type).toBeUndefined()
    expect(shownAs({ type: 'image/png', size: 1 })).toBe('image')
    expect(shownAs({ type: 'application/pdf', size: 1 })).toBe('pdf')
  })

  it('is bounded, where it is read into the page', () => {
    expect(shownAs({ type: 'image/png', size: 1e9 })).toBeUndefined()
    expect(shownAs({ type: 'application/pdf', size: 1e9 })).toBeUndefined()
    expect(shownAs({ type: 'video/mp4', size: 2e9 })).toBe('video')
  })
})

describe('an upload that fails', () => {
  it('is waited out, begun anew, or told', () => {
    expect(judge(new TypeError('cut'), true)).toBe('wait')
    expect(judge(refused(409, 'wrong_offset'), true)).toBe('wait')
    for (const status of [401, 408, 429, 500, 502, 503]) expect(judge(refused(status), true)).toBe('wait')
    for (const status of [404, 410]) expect(judge(refused(status), true)).toBe('anew')
    expect(judge(refused(404, 'order_not_found'), false)).toBe('stop')
    for (const [status, code] of [
      [409, 'room_full'],
      [413, 'file_too_large'],
      [415, 'type_not_allowed'],
      [507, ''],
    ] as const)
      expect(judge(refused(status, code), true), code).toBe('stop')
    expect(judge(new Error('the sign-in has ended'), true)).toBe('stop')
  })

  it('waits longer each time, never without end, and as long as the service asks', () => {
    const pauses = [1, 2, 3, 4, 8, 20].map(cuts => pauseMs(cuts, undefined, 0.5))
    expect(pauses).toEqual([500, 1000, 2000, 4000, 30_000, 30_000])
    expect(pauseMs(1, refused(503, '', { retry_after_ms: 9000 }), 0.5)).toBe(9000)
    expect(pauseMs(1, refused(503, '', { retry_after_ms: 9e9 }), 0.5)).toBe(60_000)
  })

  it('has a reason that is told in words', () => {
    expect(troubleOf(refused(401)).code).toBe('ended')
    expect(troubleOf(refused(507)).code).toBe('disk_full')
    expect(troubleOf(refused(409, 'room_full')).code).toBe('room_full')
    expect(troubleOf(new TypeError('x')).code).toBe('cut')
    expect(troubleOf(new Error('the sign-in has ended')).code).toBe('ended')
  })

  it('goes on with the same file only', () => {
    const kept = { name: 'a', size: 3, modified: 7 }
    expect(isSame(kept, { name: 'a', size: 3, lastModified: 7 })).toBe(true)
    expect(isSame(kept, { name: 'a', size: 3, lastModified: 8 })).toBe(false)
    expect(isSame(kept, { name: 'b', size: 3, lastModified: 7 })).toBe(false)
  })
})

describe('a form that is left', () => {
  beforeEach(() => localStorage.clear())
  const filled = { ...nothingFilled, texts: { note: 'half' }, ticks: { cx_join: true } }

  it('is there again, without its ticks', () => {
    new KeptForms(localStorage, 's').set('o', 'deliver_files', filled)
    expect(new KeptForms(localStorage, 's').get('o', 'deliver_files')).toEqual({
      texts: { note: 'half' },
      points: [''],
      answers: {},
      outcome: '',
    })
    expect(new KeptForms(localStorage, 's').get('o', 'open_dispute')).toEqual({})
    expect(new KeptForms(localStorage, 'b').get('o', 'deliver_files')).toEqual({})
  })

  it('is gone when it is sent or emptied; terms are always the present ones', () => {
    const forms = new KeptForms(localStorage, 's')
    forms.set('o', 'deliver_files', filled)
    forms.forget('o', 'deliver_files')
    forms.set('o', 'open_dispute', filled)
    forms.set('o', 'open_dispute', nothingFilled)
    forms.set('o', 'propose_update', filled)
    expect(localStorage.getItem('order-chat.forms/s')).toBe('{}')
  })
})
