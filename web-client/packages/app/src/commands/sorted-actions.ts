// Which of the actions are possible now, the next step's first, and which of the others are worth their reason. Pure.

import type { Action, CommandKind } from '@order-chat/client'

/** Answers to something that is not there, or that the other side has to give: nothing to wait for. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'no_proposal',
  'no_case',
  'no_resolution',
  'not_your_role',
  'already_claimed',
])

export function sortedActions(
  actions: readonly Action[],
  step: readonly CommandKind[] = [],
): { now: Action[]; later: Action[] } {
  const acts = actions.filter(({ command }) => command !== 'post_message')
  return {
    now: [
      ...step.flatMap(kind => acts.filter(({ command, allowed }) => allowed && command === kind)),
      ...acts.filter(({ command, allowed }) => allowed && !step.includes(command)),
    ],
    later: acts.filter(({ allowed, code }) => !allowed && !NOT_OURS.has(code ?? '')),
  }
}
