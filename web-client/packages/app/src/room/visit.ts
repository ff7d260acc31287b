// The unread divider of one visit: it stands where the reader was on coming in, and stays there.

import { useRef } from 'react'
import { useRoom, useRoomState } from './context'

export function useUnreadAfter(): number | undefined {
  const { me } = useRoom()
  const state = useRoomState()
  const frozen = useRef<{ after: number | undefined } | undefined>(undefined)
  if (!frozen.current && state.status === 'live' && state.entries.length > 0) {
    const cursor = state.cursors[me] ?? 0
    frozen.current = { after: state.unread.count > 0 && cursor > 0 ? cursor : undefined }
  }
  return frozen.current?.after
}
