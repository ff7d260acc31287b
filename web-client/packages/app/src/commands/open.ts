// Which dialog is open: anything on the page may ask for a command, and one dialog serves all of them.

import type { Command, CommandKind, OrderId, Seq } from '@order-chat/client'
import { Value } from '../store'

export interface Asked {
  readonly order: OrderId
  readonly kind: CommandKind
  /** The message meant, for those commands that mean one. */
  readonly seq?: Seq
}

export const asked = new Value<Asked | undefined>(undefined)

export function openCommand(command: Asked): void {
  asked.set(command)
}

/** Closes the dialog of this command; another one that was opened meanwhile stays. */
export function closeCommand({ order, kind, seq }: Asked): void {
  const open = asked.getSnapshot()
  if (open?.order === order && open.kind === kind && open.seq === seq) asked.set(undefined)
}

/** Whether a command is what the dialog asks for. */
export function answers({ kind, seq }: Asked, command: Command): boolean {
  return command.type === kind && (seq === undefined || ('seq' in command && command.seq === seq))
}
