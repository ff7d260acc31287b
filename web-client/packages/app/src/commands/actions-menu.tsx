// The order actions' button at the bottom of the chat (S24); its list opens upward.

import { Ellipsis } from 'lucide-react'
import { useRef } from 'react'
import { IconButton } from '../parts/button'
import { lazily } from '../parts/lazily'
import { useRoom } from '../room/context'
import { useStore, Value } from '../store'
import { useWords } from '../words/use-words'

const ActionsList = lazily(() => import('./actions-list'), { close: ({ close }) => close() })

/** It can be opened from elsewhere: by a key. */
export const actionsOpen = new Value(false)

export function ActionsMenu() {
  const { order } = useRoom()
  const { w } = useWords()
  const open = useStore(actionsOpen)
  const trigger = useRef<HTMLSpanElement>(null)
  if (!order) return null
  return (
    <>
      <span ref={trigger} className="inline-flex">
        <IconButton
          icon={Ellipsis}
          label={w.composer.actions}
          aria-haspopup="dialog"
          aria-expanded={open}
          onPress={() => actionsOpen.set(true)}
        />
      </span>
      {open && <ActionsList trigger={trigger} close={() => actionsOpen.set(false)} />}
    </>
  )
}
