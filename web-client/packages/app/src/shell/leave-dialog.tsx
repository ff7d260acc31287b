// Before somebody signs out with something unsent, or has this browser forget them: what there is, and what becomes of it.

import { useState } from 'react'
import { Button } from '../parts/button'
import { Dialog } from '../parts/dialog'
import { signOut } from '../session/person'
import { useSession } from '../session/session'
import { useWords } from '../words/use-words'
import { forget } from './forget'
import { unsent } from './leave'
import { overlay } from './overlay'
import { go } from './router'

export default function LeaveDialog({ forgets }: { forgets: boolean }) {
  const session = useSession()
  const { w } = useWords()
  const [{ messages, files }] = useState(() => unsent(session))
  const close = () => overlay.set(undefined)
  const keep = () => {
    close()
    go('/')
    signOut()
  }
  const throwAway = () => {
    close()
    void forget(session)
  }
  const parts = [w.leave.messages(messages), w.leave.files(files), ...(forgets ? w.leave.rest : [])]
  return (
    <Dialog
      title={forgets ? w.nav.forget : w.leave.title}
      onClose={close}
      footer={
        <>
          <Button look="quiet" onPress={close}>
            {w.leave.stay}
          </Button>
          {!forgets && <Button onPress={keep}>{w.leave.keep}</Button>}
          <Button look="danger" onPress={throwAway}>
            {w.leave.forget}
          </Button>
        </>
      }
    >
      <p className="text-sm text-pretty">{forgets ? w.leave.goes : w.leave.unsent}</p>
      <ul className="flex list-disc flex-col gap-1 ps-5 text-sm">
        {parts.map(part => (
          <li key={part}>{part}</li>
        ))}
      </ul>
      <p className="text-sm text-pretty text-ink-2">{forgets ? w.leave.stays : w.leave.choose}</p>
    </Dialog>
  )
}
