// The service worker as a browser runs it, with a storage and a network that can fail.

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const source = readFileSync(new URL('../public/sw.js', import.meta.url), 'utf8')
const ORIGIN = 'https://chat.example'

type Listener = (event: unknown) => void

interface Around {
  readonly caches?: unknown
  readonly fetch?: () => Promise<Response>
  readonly clients?: object
}

/** The listeners of a worker in these surroundings. */
function worker({ caches = {}, fetch = async () => new Response('of the network'), clients = {} }: Around) {
  const listeners: Record<string, Listener> = {}
  const self = {
    addEventListener: (type: string, listener: Listener) => {
      listeners[type] = listener
    },
    location: { origin: ORIGIN },
    clients,
    registration: { showNotification: vi.fn(async () => undefined) },
  }
  new Function('self', 'caches', 'fetch', source)(self, caches, fetch)
  return { self, listeners }
}

/** What a page gets for a request, and what goes on behind it. */
async function asked(around: Around, pathname: string, mode = 'no-cors') {
  const behind: Promise<unknown>[] = []
  let answer: Promise<Response> | undefined
  worker(around).listeners.fetch?.({
    request: { url: ORIGIN + pathname, method: 'GET', mode },
    respondWith: (given: Promise<Response>) => {
      answer = given
    },
    waitUntil: (work: Promise<unknown>) => behind.push(work),
  })
  const text = await (await answer)?.text()
  await Promise.all(behind)
  return text
}

/** A storage of one cache. */
function storage() {
  const held = new Map<string, Response>()
  const nameOf = (request: string | Request) => (typeof request === 'string' ? request : request.url)
  const cache = {
    match: async (request: string | Request) => held.get(nameOf(request))?.clone(),
    put: async (request: string | Request, answer: Response) => void held.set(nameOf(request), answer),
    keys: async () => [...held.keys()],
    delete: async (name: string) => held.delete(name),
  }
  return { held, cache, caches: { open: async () => cache } }
}

const refuses = async () => {
  throw new DOMException('no', 'QuotaExceededError')
}
const cut = async () => {
  throw new TypeError('no network')
}

it.each([
  ['full', { open: async () => ({ ...storage().cache, put: refuses }) }],
  ['forbidden', { open: refuses }],
])('what the network delivers is delivered where the storage is %s', async (_, caches) => {
  expect(await asked({ caches }, '/assets/first-1.js')).toBe('of the network')
  expect(await asked({ caches }, '/orders/o', 'navigate')).toBe('of the network')
  expect(await asked({ caches }, '/icon.svg')).toBe('of the network')
  await expect(asked({ caches, fetch: cut }, '/orders/o', 'navigate')).rejects.toThrow('no network')
})

it('a page that cannot be kept does not bring the old one back', async () => {
  const { caches, cache, held } = storage()
  held.set('/', new Response('of yesterday'))
  const full = { open: async () => ({ ...cache, put: refuses }) }
  expect(await asked({ caches: full }, '/orders/o', 'navigate')).toBe('of the network')
  expect(await asked({ caches, fetch: cut }, '/orders/o', 'navigate')).toBe('of yesterday')
})

it('what was delivered is there without a network, a file without being asked for again', async () => {
  const { caches, held } = storage()
  await asked({ caches }, '/orders/o', 'navigate')
  await asked({ caches }, '/assets/first-1.js')
  expect([...held.keys()]).toEqual(['/', `${ORIGIN}/assets/first-1.js`])
  expect(await asked({ caches, fetch: cut }, '/orders/p', 'navigate')).toBe('of the network')
  expect(await asked({ caches, fetch: cut }, '/assets/first-1.js')).toBe('of the network')
})

it('files are bounded: the oldest go first', async () => {
  const { caches, held } = storage()
  for (let n = 0; n < 402; n += 1) await asked({ caches }, `/assets/${n}.js`)
  expect(held.size).toBe(400)
  expect(held.has(`${ORIGIN}/assets/1.js`)).toBe(false)
})

/** A page, as the worker sees it: it answers for the person who is signed in there, if anybody is. */
const tab = (id: string, person?: string) => ({
  id,
  postMessage: vi.fn((said: { user: string; place?: string }, [port]: MessagePort[] = []) => {
    if (said.user === person) port?.postMessage('here')
  }),
  focus: vi.fn(async () => undefined),
})

async function pressed(tabs: readonly { id: string }[], { answered = false } = {}) {
  const openWindow = vi.fn()
  const get = async (id: string) => tabs.find(one => one.id === id)
  const { listeners } = worker({ clients: { get, matchAll: async () => tabs, openWindow } })
  const behind: Promise<unknown>[] = []
  listeners.notificationclick?.({
    notification: { close: () => undefined, data: { place: '/orders/o', user: 'b', tab: 'a' } },
    waitUntil: (work: Promise<unknown>) => behind.push(work),
  })
  if (!answered) await vi.runAllTimersAsync()
  await Promise.all(behind)
  return openWindow
}

it('D14: a notification is shown for a page that may show none', () => {
  const { self, listeners } = worker({})
  const options = { body: 'Hello', tag: 'o' }
  listeners.message?.({
    data: { title: 'Film', options, place: '/orders/o', user: 'b' },
    source: tab('a'),
    waitUntil: () => undefined,
  })
  const data = { place: '/orders/o', user: 'b', tab: 'a' }
  expect(self.registration.showNotification).toHaveBeenCalledWith('Film', { ...options, data })
})

describe('D14: a notification that is pressed', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }))
  afterEach(() => vi.useRealTimers())
  const to = { place: '/orders/o', user: 'b' }

  it('leads to a page of its person, also one that was loaded anew', async () => {
    const [docs, other, told] = [tab('d'), tab('s', 's'), tab('anew', 'b')]
    const openWindow = await pressed([docs, other, told], { answered: true })
    expect(told.postMessage).toHaveBeenLastCalledWith(to)
    expect(told.focus).toHaveBeenCalled()
    for (const not of [docs, other]) {
      expect(not.postMessage).not.toHaveBeenCalledWith(to)
      expect(not.focus).not.toHaveBeenCalled()
    }
    expect(openWindow).not.toHaveBeenCalled()
  })

  it('wakes the page that told of it, where that sleeps', async () => {
    const [other, asleep] = [tab('s', 's'), tab('a')]
    await pressed([other, asleep])
    expect(asleep.postMessage).toHaveBeenLastCalledWith(to)
    expect(asleep.focus).toHaveBeenCalled()
    expect(other.focus).not.toHaveBeenCalled()
  })

  it('opens a page where no page is theirs', async () => {
    const other = tab('s', 's')
    expect(await pressed([other])).toHaveBeenCalledWith('/orders/o')
    expect(other.postMessage).not.toHaveBeenCalledWith(to)
    expect(other.focus).not.toHaveBeenCalled()
    expect(await pressed([])).toHaveBeenCalledWith('/orders/o')
  })
})
