// The service worker that has the page when there is no connection. Without it everything else works as well.

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string }
}

const WORKER = '/sw.js'

/** The content policy lets only scripts in that somebody vouches for: this one has one fixed address. */
function vouched(): string {
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes
  if (!types) return WORKER
  return types.createPolicy('order-chat-worker', { createScriptURL: () => WORKER }).createScriptURL(WORKER)
}

export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // In a private window, say: the page works without.
  navigator.serviceWorker.register(vouched()).catch(() => undefined)
}
