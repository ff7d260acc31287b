// Order actions, opening upward: what is possible now, then everything else with its reason and from when (S23–S25, D3).

import type { Action } from '@order-chat/client'
import { Ellipsis, Lock } from 'lucide-react'
import { useState } from 'react'
import { Dialog as AriaDialog, Menu as AriaMenu, DialogTrigger, MenuItem } from 'react-aria-components'
import { IconButton } from '../parts/button'
import { Floating } from '../parts/menu'
import { useRoom } from '../room/context'
import { useStore, Value } from '../store'
import { useWords } from '../words/use-words'
import { iconOfCommand } from './icons'
import { openCommand } from './open'

/** The menu can be opened from elsewhere: by a key, or the palette. */
export const actionsOpen = new Value(false)

/** Answers to something that is not there to be answered are left out: there is nothing to wait for. */
const NOTHING_TO_ANSWER: ReadonlySet<string> = new Set(['no_proposal', 'no_case', 'no_resolution'])

export function sortedActions(actions: readonly Action[]): { now: Action[]; later: Action[] } {
  const acts = actions.filter(({ command }) => command !== 'post_message')
  return {
    now: acts.filter(({ allowed }) => allowed),
    later: acts.filter(({ allowed, code }) => !allowed && !NOTHING_TO_ANSWER.has(code ?? '')),
  }
}

export function ActionsMenu() {
  const { actions, room, order } = useRoom()
  const { w, format, fill } = useWords()
  const open = useStore(actionsOpen)
  const [width] = useState(() => Math.min(window.innerWidth - 24, 400))
  if (!order) return null
  const { now, later } = sortedActions(actions)
  return (
    <DialogTrigger isOpen={open} onOpenChange={on => actionsOpen.set(on)}>
      <IconButton icon={Ellipsis} label={w.composer.actions} />
      <Floating placement="top start" className="max-h-[70dvh]">
        <AriaDialog aria-label={w.actions.title} className="p-1 outline-none" style={{ width }}>
          <p className="px-3 pt-2 pb-1 text-xs font-semibold text-ink-3">{w.actions.title}</p>
          {now.length > 0 ? (
            <AriaMenu
              aria-label={w.actions.now}
              autoFocus="first"
              className="outline-none"
              onAction={key => {
                actionsOpen.set(false)
                openCommand({ order: room.order, kind: key as Action['command'] })
              }}
            >
              {now.map(({ command }) => {
                const Icon = iconOfCommand(command)
                const name = w.commands[command]?.name ?? command
                return (
                  <MenuItem
                    key={command}
                    id={command}
                    textValue={name}
                    className="flex min-h-9 items-center gap-3 rounded-sm px-3 text-sm text-ink outline-none data-[focused]:bg-raised pointer-coarse:min-h-11"
                  >
                    <Icon size={16} strokeWidth={1.5} aria-hidden className="text-ink-2" />
                    {name}
                  </MenuItem>
                )
              })}
            </AriaMenu>
          ) : (
            <p className="px-3 py-2 text-sm text-ink-2">{w.actions.none}</p>
          )}
          {later.length > 0 && (
            <>
              <p className="mt-1 border-t border-line px-3 pt-3 pb-1 text-xs font-semibold text-ink-3">
                {w.actions.later}
              </p>
              <ul>
                {later.map(({ command, message, allowed_from }) => (
                  <li key={command} className="flex items-start gap-3 px-3 py-1.5">
                    <Lock size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 text-ink-3" />
                    <div className="min-w-0">
                      <p className="text-sm text-ink-2">{w.commands[command]?.name ?? command}</p>
                      <p className="text-xs text-ink-3">
                        {message}
                        {allowed_from && ` ${fill(w.actions.from, { at: format.moment(allowed_from) })}.`}
                      </p>
                    </div>
                  </li>
                ))}
              </ul>
            </>
          )}
        </AriaDialog>
      </Floating>
    </DialogTrigger>
  )
}
