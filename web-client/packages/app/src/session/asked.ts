// What is asked for over HTTP, as a part of the page needs it.

import { useEffect, useMemo, useRef, useState } from 'react'
import { problemText } from '../words/problems'
import { useWords } from '../words/use-words'

export interface Asked<T> {
  readonly data?: T
  readonly problem?: string
  readonly loading: boolean
  readonly again: () => void
}

/** Something that is asked for, and asked again every `everyMs` while the page is seen. */
export function useAsked<T>(ask: (() => Promise<T>) | undefined, key: string, everyMs?: number): Asked<T> {
  const { w } = useWords()
  const [answer, setAnswer] = useState<{ key: string; data?: T; error?: unknown }>({ key })
  const [turn, setTurn] = useState(0)
  const latest = useRef(ask)
  latest.current = ask
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks anew
  useEffect(() => {
    let over = false
    const run = async () => {
      if (!latest.current || (document.hidden && everyMs !== undefined)) return
      try {
        const data = await latest.current()
        if (!over) setAnswer({ key, data })
      } catch (error) {
        if (!over) setAnswer(before => (before.key === key ? { ...before, error } : { key, error }))
      }
    }
    void run()
    const timer = everyMs === undefined ? undefined : setInterval(run, everyMs)
    return () => {
      over = true
      clearInterval(timer)
    }
  }, [key, everyMs, turn])
  return useMemo(() => {
    const mine = answer.key === key ? answer : { key }
    const { data, error } = mine as typeof answer
    const problem = error === undefined ? undefined : problemText(error, w)
    return {
      ...(data === undefined ? {} : { data }),
      ...(problem === undefined ? {} : { problem }),
      loading: data === undefined && problem === undefined,
      again: () => setTurn(n => n + 1),
    }
  }, [answer, key, w])
}
