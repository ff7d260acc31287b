// A word about the connection, only while there is something to say: lost for more than a moment, or ended for good.

import { CloudOff, LogIn, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../parts/button'
import { signOut } from '../session/person'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { useAway, useOnline } from './away'

export function ConnectionBanner() {
  const { client } = useSession()
  const state = useStore(client.connection)
  const storage = useStore(client.storage)
  const { w } = useWords()
  const away = useAway()
  const online = useOnline()
  const expired =
    (state.is === 'closed' && state.code === 4001) ||
    ('tokenProblem' in state && state.tokenProblem !== undefined)
  if (expired)
    return (
      <Banner danger text={w.connection.expired}>
        <Button small icon={LogIn} onPress={() => signOut('ended')}>
          {w.connection.signIn}
        </Button>
      </Banner>
    )
  if (state.is === 'closed' && state.code !== 1000)
    return (
      <Banner danger text={w.connection.closed}>
        <Button small icon={RotateCw} onPress={() => client.reconnect()}>
          {w.connection.retry}
        </Button>
      </Banner>
    )
  if (away)
    return (
      <Banner text={online ? w.connection.waiting : w.connection.offline}>
        <Button small look="quiet" icon={RotateCw} onPress={() => client.moveOn()}>
          {w.connection.retry}
        </Button>
      </Banner>
    )
  return storage === 'memory' ? <Banner text={w.connection.memory} /> : null
}

function Banner({ text, danger, children }: { text: string; danger?: boolean; children?: ReactNode }) {
  return (
    <div
      role="status"
      className={`rise flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 text-sm short:py-0.5 sm:px-6 ${danger ? 'bg-danger-soft text-danger' : 'bg-attention-soft text-attention'}`}
    >
      <p className="flex min-w-0 flex-[1_1_16rem] items-start gap-3 short:flex-[1_1_8rem] short:text-xs">
        <CloudOff size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0" />
        {text}
      </p>
      {children}
    </div>
  )
}
