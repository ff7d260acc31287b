// The page without a connection: files whose names change with what is in them are kept, and the page that names them.
// Answers of the service are never kept here; what a person wrote is kept by the page itself. And notifications, where
// only a worker may show them.

const CACHE = 'order-chat-files'
const PAGE = '/'
/** Several builds' worth. */
const FILES_MAX = 400

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
  const { title, options, place } = event.data
  // Two tabs can be two persons: a click goes back to the one that told.
  const data = { place, tab: event.source.id }
  event.waitUntil(self.registration.showNotification(title, { ...options, data }).catch(() => undefined))
})
self.addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(show(event.notification.data))
})

async function show({ place, tab }) {
  // One that was loaded anew has another id.
  const told =
    (await self.clients.get(tab)) ??
    (await self.clients.matchAll({ type: 'window', includeUncontrolled: true }))[0]
  if (!told) return self.clients.openWindow(place)
  told.postMessage({ place })
  return told.focus()
}
