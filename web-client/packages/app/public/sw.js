// The page without a connection: files whose names change with what is in them are kept, and the page that names them.
// Answers of the service are never kept here; what a person wrote is kept by the page itself. And notifications, where
// only a worker may show them.

const CACHE = 'order-chat-files'
const PAGE = '/'
/** Several builds' worth. */
const FILES_MAX = 400
/** A page that sleeps does not answer. */
const ANSWER_MS = 1000

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (pathname.startsWith('/assets/')) event.respondWith(kept(event))
  else if (pathname.startsWith('/icon')) event.respondWith(newest(event, pathname))
  else if (request.mode === 'navigate' && isPage(pathname)) event.respondWith(newest(event, PAGE))
})

/** As the service has it: what lies below `/v1` and `/demo/`, and has an ending, is no page of the application. */
function isPage(pathname) {
  return !/^\/(v1|demo\/|docs|openapi)/.test(pathname) && !pathname.includes('.')
}

async function kept(event) {
  return (await known(event.request)) ?? newest(event, event.request)
}

async function newest(event, name) {
  try {
    const answer = await fetch(event.request)
    // Nobody waits for it to be kept.
    if (answer.ok) event.waitUntil(keep(name, answer.clone()))
    return answer
  } catch (error) {
    const old = await known(name)
    if (old) return old
    throw error
  }
}

async function known(name) {
  try {
    const cache = await caches.open(CACHE)
    return await cache.match(name)
  } catch {
    // Where nothing may be kept nothing is.
  }
}

async function keep(name, answer) {
  try {
    const cache = await caches.open(CACHE)
    await cache.put(name, answer)
    const names = await cache.keys()
    // The oldest first.
    for (const one of names.slice(0, Math.max(0, names.length - FILES_MAX))) await cache.delete(one)
  } catch {
    // A full storage, or one that is forbidden: the network has it.
  }
}

// A page asks for a notification that it may not show itself, as in Chrome for Android.
self.addEventListener('message', event => {
  const { title, options, ...to } = event.data
  const data = { ...to, tab: event.source.id }
  event.waitUntil(self.registration.showNotification(title, { ...options, data }).catch(() => undefined))
})
self.addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(show(event.notification.data))
})

/** Two tabs can be two persons: leads to one of whom it is for, else to the one that told, if it is still theirs. */
async function show({ place, user, tab }) {
  const told = (await tabOf(user)) ?? (await self.clients.get(tab))
  if (!told) return self.clients.openWindow(place)
  told.postMessage({ place, user })
  return told.focus()
}

/** A page in which they are signed in answers; others, and pages of another kind, do not. */
async function tabOf(user) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (tabs.length === 0) return
  return new Promise(resolve => {
    for (const tab of tabs) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve(tab)
      tab.postMessage({ user }, [port2])
    }
    setTimeout(resolve, ANSWER_MS)
  })
}
