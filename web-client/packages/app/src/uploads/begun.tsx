// Files that were added to a form which is not open: nothing of it is lost, and the way back is here.

import type { CommandKind } from '@order-chat/client'
import { FileText } from 'lucide-react'
import { asked, openCommand } from '../commands/open'
import { Button } from '../parts/button'
import { allows, useRoom } from '../room/context'
import { useSession } from '../session/session'
import { useStore } from '../store'
import { useWords } from '../words/use-words'

export function Begun() {
  const { room, actions } = useRoom()
  const { uploads: desk } = useSession()
  const { w } = useWords()
  const all = useStore(desk.all)
  const open = useStore(asked)
  const here = all.filter(({ order, list }) => order === room.order && list !== 'message')
  // An answer's list is named after its form and its question.
  const kinds = [...new Set(here.map(({ list }) => list.split('/')[0] as CommandKind))]
  return kinds
    .filter(kind => allows(actions, kind) && !(open?.order === room.order && open.kind === kind))
    .map(kind => (
      <p key={kind} className="flex items-center gap-2 py-1 ps-2 text-xs text-ink-2">
        <FileText size={14} strokeWidth={1.5} aria-hidden className="text-accent" />
        <span className="min-w-0 grow truncate">
          {w.uploads.begun(
            w.commands[kind]?.name ?? kind,
            here.filter(({ list }) => list.split('/')[0] === kind).length,
          )}
        </span>
        <Button small look="quiet" onPress={() => openCommand({ order: room.order, kind })}>
          {w.uploads.goOn}
        </Button>
      </p>
    ))
}
