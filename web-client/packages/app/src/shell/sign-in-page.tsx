// Nobody is signed in: in the demo one chooses who to be, everywhere else the marketplace sends its people here.

import { LogIn } from 'lucide-react'
import { useEffect } from 'react'
import { Empty } from '../parts/states'
import { isDemo, signedOut } from '../session/person'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { go, path, remember } from './router'

export default function SignInPage() {
  const why = useStore(signedOut)
  const { w } = useWords()
  const chooses = isDemo && why !== 'refused'
  useEffect(() => {
    if (!chooses) return
    remember(path.getSnapshot())
    go('/demo', { replace: true })
  }, [chooses])
  if (chooses) return null
  const [title, hint] =
    why === 'refused'
      ? [w.signIn.refused, w.signIn.refusedHint]
      : why === 'ended'
        ? [w.signIn.ended, w.signIn.endedHint]
        : [w.signIn.title, w.signIn.hint]
  return (
    <main className="flex h-dvh bg-ground">
      <h1 className="sr-only">{w.nav.product}</h1>
      <Empty icon={LogIn} title={title} hint={hint}>
        <p className="text-xs text-pretty text-ink-2">{w.signIn.host}</p>
      </Empty>
    </main>
  )
}
