import type { LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, type PopoverProps } from 'react-aria-components'

export interface Choice {
  readonly id: string
  readonly label: string
  readonly icon?: LucideIcon
  readonly danger?: boolean
  readonly run: () => void
}

interface Props {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly children: ReactElement
  readonly placement?: PopoverProps['placement']
}

export function Menu({ label, choices, children, placement = 'bottom end' }: Props) {
  return (
    <MenuTrigger>
      {children}
      <Floating placement={placement}>
        <AriaMenu aria-label={label} className="min-w-48 p-1 outline-none">
          {choices.map(({ id, label, icon: Icon, danger, run }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={label}
              onAction={run}
              className={`flex min-h-9 items-center gap-3 rounded-sm px-3 text-sm outline-none data-[focused]:bg-raised pointer-coarse:min-h-11 ${danger ? 'text-danger' : 'text-ink'}`}
            >
              {Icon && <Icon size={16} strokeWidth={1.5} aria-hidden />}
              {label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Floating>
    </MenuTrigger>
  )
}

export function Floating({
  placement,
  children,
  className = '',
}: {
  placement: PopoverProps['placement']
  children: ReactNode
  className?: string
}) {
  return (
    <Popover
      placement={placement ?? 'bottom'}
      offset={6}
      className={`rise overflow-auto rounded-lg border border-line bg-float shadow-float outline-none ${className}`}
    >
      {children}
    </Popover>
  )
}
