import type { ReactNode, RefObject } from 'react'
import { Popover, type PopoverProps } from 'react-aria-components'

interface Props {
  readonly placement: PopoverProps['placement']
  readonly trigger: RefObject<HTMLElement | null>
  readonly close: () => void
  readonly children: ReactNode
  readonly className?: string
}

/** What floats beside the button that opened it, until something else is pressed. */
export function Floating({ placement, trigger, close, children, className = '' }: Props) {
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      onOpenChange={open => !open && close()}
      placement={placement ?? 'bottom'}
      offset={6}
      className={`rise overflow-auto rounded-lg border border-line bg-float shadow-float outline-none ${className}`}
    >
      {children}
    </Popover>
  )
}
