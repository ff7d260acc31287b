// What is possible now, then everything else with its reason and from when (S23–S25, D3).

import type { CommandKind } from '@order-chat/client'
import { Lock } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { Dialog as AriaDialog, Menu as AriaMenu, MenuItem } from 'react-aria-components'
import { Floating } from '../parts/floating'
import { comesFrom } from '../parts/focus'
import { useRoom } from '../room/context'
import { useWords } from '../words/use-words'
import { iconOfCommand } from './icons'
import { nameOfCommand } from './name'
import { openCommand } from './open'
import { useReason } from './reason'
import { sortedActions } from './sorted-actions'

interface Props {
  readonly trigger: RefObject<HTMLElement | null>
  readonly close: () => void
}

export default function ActionsList({ trigger, close }: Props) {
  const { actions, room, order } = useRoom()
  const { w } = useWords()
  const reason = useReason()
  const [width] = useState(() => Math.min(window.innerWidth - 24, 400))
  const named = (command: CommandKind) => nameOfCommand(command, order, w)
  const { now, later } = sortedActions(actions, order?.next_step.you?.actions)
  return (
    <Floating placement="top start" trigger={trigger} close={close} className="max-h-[70dvh]">
      <AriaDialog aria-label={w.composer.actions} className="p-1 outline-none" style={{ width }}>
        <p className="px-3 pt-2 pb-1 text-xs font-semibold text-ink-3">{w.composer.actions}</p>
        {now.length > 0 ? (
          <AriaMenu aria-label={w.actions.now} autoFocus="first" className="outline-none" onClose={close}>
            {now.map(({ command }) => {
              const Icon = iconOfCommand(command)
              const name = named(command)
              return (
                <MenuItem
                  key={command}
                  id={command}
                  textValue={name}
                  onAction={() => {
                    comesFrom(trigger.current?.querySelector('button'))
                    openCommand({ order: room.order, kind: command })
                  }}
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
              {later.map(action => (
                <li key={action.command} className="flex items-start gap-3 px-3 py-1.5">
                  <Lock size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 text-ink-3" />
                  <div className="min-w-0">
                    <p className="text-sm text-ink-2">{named(action.command)}</p>
                    <p className="text-xs text-ink-3">{reason(action, action.command)}</p>
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </AriaDialog>
    </Floating>
  )
}
