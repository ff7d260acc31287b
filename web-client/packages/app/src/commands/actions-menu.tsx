// The order actions' button at the bottom of the chat (S24); its list opens upward.

import { Ellipsis } from 'lucide-react'
import { useRef, useState } from 'react'
import { IconButton } from '../parts/button'
import { lazily } from '../parts/lazily'
import { useRoom } from '../room/context'
import { useWords } from '../words/use-words'

const ActionsList = lazily(() => import('./actions-list'), { close: ({ close }) => close() })

export function ActionsMenu() {
  const { order } = useRoom()
  const { w } = useWords()
  const [open, setOpen] = useState(false)
  const trigger = useRef<HTMLSpanElement>(null)
  if (!order) return null
  return (
    <>
      <span ref={trigger} className="inline-flex">
        <IconButton
          id="order-actions"
          icon={Ellipsis}
          label={w.composer.actions}
          aria-haspopup="dialog"
          aria-expanded={open}
          onPress={() => setOpen(true)}
        />
      </span>
      {open && <ActionsList trigger={trigger} close={() => setOpen(false)} />}
    </>
  )
}
