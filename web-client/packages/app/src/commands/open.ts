// Which dialog is open: anything on the page may ask for a command, and one dialog serves all of them.

import type { CommandKind, OrderId, Seq } from '@order-chat/client'
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

export function closeCommand(): void {
  asked.set(undefined)
}
