// A short word about what was just done, read aloud and gone again. On a phone what is pressed next is below: it is above.

import { useEffect } from 'react'
import { useStore, Value } from '../store'

const said = new Value<{ text: string; no: number } | undefined>(undefined)
let count = 0

export function say(text: string): void {
  count += 1
  said.set({ text, no: count })
}

export function Toast() {
  const now = useStore(said)
  useEffect(() => {
    if (!now) return
    const timer = setTimeout(() => said.set(undefined), 4000)
    return () => clearTimeout(timer)
  }, [now])
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-24 max-sm:top-17 max-sm:bottom-auto z-60 flex justify-center px-4"
    >
      {now && (
        <p key={now.no} className="rise rounded-lg bg-ink px-4 py-2 text-sm text-surface shadow-float">
          {now.text}
        </p>
      )}
    </div>
  )
}
