// Signing out, and what is not sent by then.

import { signOut } from '../session/person'
import type { Session } from '../session/session'
import { overlay } from './overlay'
import { go } from './router'

/** How much of this person's is in this browser and nowhere else. */
export function unsent({ client, uploads }: Session): { messages: number; files: number } {
  return { messages: client.outbox().length, files: uploads.all.getSnapshot().length }
}

/** Who has something that is not sent is asked first. */
export function leave(session: Session): void {
  const { messages, files } = unsent(session)
  if (messages + files > 0) return overlay.set('leave')
  go('/')
  signOut()
}
