// What this browser keeps of a person, thrown away; what they sent is in their orders.

import { FORGOTTEN, signOut } from '../session/person'
import type { Session } from '../session/session'
import { browserStorage } from '../storage'

/** Ends with the page loaded anew, where it can be: it has nothing of them any more. */
export async function forget({ client, me: { user } }: Session): Promise<void> {
  // Nothing of it is sent by another tab meanwhile.
  for (const { id } of client.outbox()) client.discard(id)
  forgetSettings(user)
  // Their other tabs hear of it and end.
  browserStorage.setItem(FORGOTTEN + user, String(Date.now()))
  browserStorage.removeItem(FORGOTTEN + user)
  signOut()
  await Promise.allSettled([remove(`order-chat/${user}`), remove(`order-chat.uploads/${user}`)])
  if (navigator.onLine) window.location.replace('/')
}

/** Drafts, forms, ticks and choices of theirs, and the choices that are the browser's. */
function forgetSettings(user: string): void {
  for (const key of browserStorage.keys()) {
    const [name = '', ...whose] = key.split('/')
    if (name.startsWith('order-chat.') && (whose.length === 0 || whose.join('/') === user))
      browserStorage.removeItem(key)
  }
}

/** Whoever has it open closes it when asked to. */
function remove(database: string): Promise<void> {
  return new Promise(resolve => {
    const removing = indexedDB.deleteDatabase(database)
    removing.onsuccess = () => resolve()
    removing.onerror = () => resolve()
  })
}
