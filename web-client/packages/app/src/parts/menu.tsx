// A button that opens a menu. What is in it is loaded with the first press, or in a quiet moment before.

import type { LucideIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import type { PopoverProps } from 'react-aria-components'
import { IconButton } from './button'
import { lazily } from './lazily'

const MenuList = lazily(() => import('./menu-list'), { close: ({ close }) => close() })

export interface Choice {
  readonly id: string
  readonly label: string
  readonly icon?: LucideIcon
  readonly danger?: boolean
  readonly run: () => void
}

interface Props {
  readonly icon: LucideIcon
  readonly label: string
  readonly choices: readonly Choice[]
  readonly placement?: PopoverProps['placement']
  readonly small?: boolean
  readonly captioned?: boolean
}

export function Menu({
  icon,
  label,
  choices,
  placement = 'bottom end',
  small = false,
  captioned = false,
}: Props) {
  const [open, setOpen] = useState(false)
  const trigger = useRef<HTMLSpanElement>(null)
  return (
    <>
      <span ref={trigger} className="inline-flex">
        <IconButton
          icon={icon}
          label={label}
          small={small}
          captioned={captioned}
          aria-haspopup="menu"
          aria-expanded={open}
          onPress={() => setOpen(true)}
        />
      </span>
      {open && (
        <MenuList
          label={label}
          choices={choices}
          placement={placement}
          trigger={trigger}
          close={() => setOpen(false)}
        />
      )}
    </>
  )
}
