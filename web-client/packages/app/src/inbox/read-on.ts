// The conversation list comes in pages, the latest first; what is looked for may be further down.

import { useEffect } from 'react'
import { useSession } from '../session/session'
import { useStore } from '../store'

/** Reads one page after the other until so many conversations are here. */
export function useReadOn(wanted: boolean, most: number): void {
  const { client } = useSession()
  const { next, problem, rooms } = useStore(client.inbox)
  const enough = rooms.length >= most
  useEffect(() => {
    if (wanted && !enough && next !== undefined && problem === undefined) void client.moreInbox()
  }, [client, wanted, enough, next, problem])
}
