import type { RefObject } from 'react'
import { Menu as AriaMenu, MenuItem, type PopoverProps } from 'react-aria-components'
import { Floating } from './floating'
import { comesFrom } from './focus'
import type { Choice } from './menu'

interface Props {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly placement: PopoverProps['placement']
  readonly trigger: RefObject<HTMLElement | null>
  readonly close: () => void
}

export default function MenuList({ label, choices, placement, trigger, close }: Props) {
  return (
    <Floating placement={placement} trigger={trigger} close={close}>
      <AriaMenu aria-label={label} autoFocus="first" onClose={close} className="min-w-48 p-1 outline-none">
        {choices.map(({ id, label, icon: Icon, danger, run }) => (
          <MenuItem
            key={id}
            id={id}
            textValue={label}
            onAction={() => {
              comesFrom(trigger.current?.querySelector('button'))
              run()
            }}
            className={`flex min-h-9 items-center gap-3 rounded-sm px-3 text-sm outline-none data-[focused]:bg-raised pointer-coarse:min-h-11 ${danger ? 'text-danger' : 'text-ink'}`}
          >
            {Icon && <Icon size={16} strokeWidth={1.5} aria-hidden />}
            {label}
          </MenuItem>
        ))}
      </AriaMenu>
    </Floating>
  )
}
