// The page without a connection: files whose names change with what is in them are kept, and the page that names them.
// Answers of the service are never kept here; what a person wrote is kept by the page itself.

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
  if (pathname.startsWith('/assets/')) event.respondWith(kept(request))
  else if (pathname.startsWith('/icon')) event.respondWith(newest(request, pathname))
  else if (request.mode === 'navigate' && isPage(pathname)) event.respondWith(newest(request, PAGE))
})

/** As the service has it: what lies below `/v1` and `/demo/`, and has an ending, is no page of the application. */
function isPage(pathname) {
  return !/^\/(v1|demo\/|docs|openapi)/.test(pathname) && !pathname.includes('.')
}

async function kept(request) {
  const cache = await caches.open(CACHE)
  const known = await cache.match(request)
  if (known) return known
  const answer = await fetch(request)
  if (answer.ok) await keep(cache, request, answer.clone())
  return answer
}

async function newest(request, name) {
  const cache = await caches.open(CACHE)
  try {
    const answer = await fetch(request)
    if (answer.ok) await cache.put(name, answer.clone())
    return answer
  } catch (error) {
    const known = await cache.match(name)
    if (known) return known
    throw error
  }
}

async function keep(cache, request, answer) {
  await cache.put(request, answer)
  const names = await cache.keys()
  // The oldest first.
  for (const name of names.slice(0, Math.max(0, names.length - FILES_MAX))) await cache.delete(name)
}
