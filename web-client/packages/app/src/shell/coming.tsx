// What a page shows until what it needs is there: grey shapes; without a connection a word that nothing comes just now.

import { CloudOff } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Empty, Skeleton } from '../parts/states'
import { useWords } from '../words/use-words'
import { useAway } from './away'

export function Coming({ kept = 0, ...shapes }: ComponentProps<typeof Skeleton> & { kept?: number }) {
  const away = useAway()
  const { w } = useWords()
  if (!away) return <Skeleton {...shapes} />
  const hint = kept > 0 ? `${w.states.awayHint} ${w.states.awayKept(kept)}` : w.states.awayHint
  return <Empty icon={CloudOff} title={w.states.away} hint={hint} />
}
