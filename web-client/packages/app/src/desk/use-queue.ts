import type { DeskQueue } from '@order-chat/client'
import { type Asked, useAsked } from '../session/asked'
import { useSession } from '../session/session'

/** The desk's queue is asked for; no frame brings it. */
const EVERY_MS = 5_000

export function useQueue(): Asked<DeskQueue> {
  const { api, me } = useSession()
  return useAsked(() => api.deskQueue(), `queue/${me.user}`, EVERY_MS)
}
