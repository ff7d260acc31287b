// Nobody is signed in: in the demo one chooses who to be, everywhere else the marketplace sends its people here.

import { LogIn } from 'lucide-react'
import { useEffect } from 'react'
import { Empty, Failed, Skeleton } from '../parts/states'
import { demoAccounts, NoDemo, signedOut } from '../session/person'
import { useAsked } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { go, path, remember } from './router'

export default function SignInPage() {
  const why = useStore(signedOut)
  const { w } = useWords()
  const demo = useAsked(isDemo, 'demo')
  const known = demo.data
  useEffect(() => {
    if (!known || why === 'refused') return
    remember(path.getSnapshot())
    go('/demo', { replace: true })
  }, [known, why])
  if (demo.problem)
    return (
      <main className="flex h-dvh bg-ground">
        <Failed problem={demo.problem} retry={demo.again} />
      </main>
    )
  if (why !== 'refused' && (known ?? true)) return <Skeleton />
  const [title, hint] =
    why === 'refused'
      ? [w.signIn.refused, w.signIn.refusedHint]
      : why === 'ended'
        ? [w.signIn.ended, w.signIn.endedHint]
        : [w.signIn.title, w.signIn.hint]
  return (
    <main className="flex h-dvh bg-ground">
      <h1 className="sr-only">{w.nav.product}</h1>
      <Empty icon={LogIn} title={title} hint={hint} />
    </main>
  )
}

async function isDemo(): Promise<boolean> {
  try {
    await demoAccounts()
    return true
  } catch (error) {
    if (error instanceof NoDemo) return false
    throw error
  }
}
