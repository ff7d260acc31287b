import type { ReactNode } from 'react'
import { Dialog } from '../parts/dialog'
import { useBackCloses } from '../shell/back'
import { useWords } from '../words/use-words'

/** The order's status where there is no room beside the chat. */
export default function StatusSheet({ close, children }: { close: () => void; children: ReactNode }) {
  useBackCloses(close)
  const { w } = useWords()
  return (
    <Dialog title={w.room.status} light onClose={close}>
      <div className="-mx-5 -my-5">{children}</div>
    </Dialog>
  )
}
