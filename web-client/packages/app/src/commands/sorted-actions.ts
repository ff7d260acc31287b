// Which of the actions are possible now, and which of the others are worth their reason. Pure.

import type { Action } from '@order-chat/client'

/** Answers to something that is not there, or that the other side has to give: there is nothing to wait for. */
const NOT_OURS: ReadonlySet<string> = new Set(['no_proposal', 'no_case', 'no_resolution', 'not_your_role'])

export function sortedActions(actions: readonly Action[]): { now: Action[]; later: Action[] } {
  const acts = actions.filter(({ command }) => command !== 'post_message')
  return {
    now: acts.filter(({ allowed }) => allowed),
    later: acts.filter(({ allowed, code }) => !allowed && !NOT_OURS.has(code ?? '')),
  }
}
