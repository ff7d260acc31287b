// Order actions as a person finds them (S24, S25).

import type { Action } from '@order-chat/client'
import { expect, it } from 'vitest'
import { sortedActions } from '../src/commands/sorted-actions'

const can = (command: Action['command']): Action => ({ command, allowed: true, needs: [] })
const cannot = (command: Action['command'], code: string) =>
  ({ ...can(command), allowed: false, code }) as Action
const names = (actions: readonly Action[]) => actions.map(({ command }) => command)

it('what the next step asks for comes first, in its order', () => {
  const actions = [
    can('submit_requirements'),
    can('decline_update'),
    can('accept_update'),
    can('open_dispute'),
  ]
  const { now } = sortedActions(actions, ['accept_update', 'decline_update', 'accept_order'])
  expect(names(now)).toEqual(['accept_update', 'decline_update', 'submit_requirements', 'open_dispute'])
})

it('what cannot be done now is told, unless there is nothing to wait for', () => {
  const { later } = sortedActions([
    cannot('request_cancel', 'not_past_due'),
    cannot('accept_update', 'no_proposal'),
    cannot('claim_case', 'already_claimed'),
  ])
  expect(names(later)).toEqual(['request_cancel'])
})
