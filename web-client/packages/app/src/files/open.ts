// Which file is looked at, and how one is saved.

import type { FileRef, OrderId } from '@order-chat/client'
import { say } from '../parts/toast'
import { useSessionIfAny } from '../session/session'
import { Value } from '../store'
import { useWords } from '../words/use-words'

export interface Looked {
  readonly order: OrderId
  readonly file: FileRef
}

export const looked = new Value<Looked | undefined>(undefined)

/** The browser saves the file: the service says "attachment", so the page stays. */
export function useDownload(): (id: string) => Promise<void> {
  const session = useSessionIfAny()
  const { w } = useWords()
  return async id => {
    const address = await session?.api.fileAddress(id).catch(() => undefined)
    if (address) window.location.assign(address)
    else say(w.message.notHere)
  }
}
