// What the queue says of a case, as long as its room does not know better.

import type { QueuedCase, RoomStatus } from '@order-chat/client'
import { useEffect, useRef, useState } from 'react'

interface Told {
  readonly queued: QueuedCase | undefined
  readonly status: RoomStatus
  readonly me: string
  readonly refresh: () => void
}

/** A room that refuses whom the queue calls its holder refused later than the queue was asked: the case was settled, left or
 * handed over. To open the room once more would only leave the page empty, again and again. */
export function useStillQueued({ queued, status, me, refresh }: Told): QueuedCase | undefined {
  const [known, setKnown] = useState<{ status: RoomStatus; old?: QueuedCase | undefined }>({ status })
  let { old } = known
  if (known.status !== status) {
    old = status === 'lost' && queued?.claimed_by === me ? queued : undefined
    setKnown({ status, old })
  }
  const was = useRef(status)
  useEffect(() => {
    if (was.current === 'live' && status === 'lost') refresh()
    was.current = status
  }, [status, refresh])
  return queued === old ? undefined : queued
}
