// What a command is called, in menus and above its dialog.

import type { CommandKind, OrderSnapshot } from '@order-chat/client'
import type { Words } from '../words/words'

export function nameOfCommand(kind: CommandKind, order: OrderSnapshot | undefined, w: Words): string {
  const corrects = kind === 'submit_requirements' && order?.requirements.status === 'answered'
  return corrects ? w.actions.correct : (w.commands[kind]?.name ?? kind)
}
