// What floats above the page and asks for something. On a phone it comes from below and takes the width.

import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useWords } from '../words/use-words'
import { IconButton } from './button'
import { focusOnwards, isNowhere, takeOrigin } from './focus'

interface Props {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly wide?: boolean
  /** A click beside it closes it; not where something typed would be lost. */
  readonly light?: boolean
}

export function Dialog({ title, onClose, children, footer, wide, light }: Props) {
  const { w } = useWords()
  const body = useRef<HTMLDivElement>(null)
  // Whoever has a keyboard begins in the first field; on a touch screen its keyboard would cover what is to be read.
  useEffect(() => {
    if (!window.matchMedia('(pointer: fine)').matches) return
    body.current?.querySelector<HTMLElement>('input:not([hidden]),textarea,select')?.focus()
  }, [])
  useFocusAfter()
  return (
    <ModalOverlay
      isOpen
      isDismissable={light ?? false}
      onOpenChange={open => !open && onClose()}
      className="fixed inset-0 z-50 flex items-end justify-center bg-scrim sm:items-center sm:p-6"
    >
      <Modal
        className={`sheet flex max-h-[92dvh] w-full flex-col overflow-hidden rounded-t-lg bg-float shadow-float sm:rounded-lg ${wide ? 'sm:max-w-160' : 'sm:max-w-120'}`}
      >
        <AriaDialog className="flex min-h-0 flex-col outline-none">
          <header className="flex items-center gap-3 border-b border-line py-3 ps-5 pe-3">
            <Heading
              slot="title"
              className="min-w-0 grow text-base font-semibold text-ink [overflow-wrap:anywhere]"
            >
              {title}
            </Heading>
            <IconButton icon={X} label={w.dialog.close} onPress={onClose} />
          </header>
          <div
            ref={body}
            // What is only read has nothing to press: it is scrolled by keys.
            tabIndex={light ? 0 : undefined}
            className="flex min-h-0 flex-col gap-5 overflow-y-auto px-5 py-5 -outline-offset-2"
          >
            {children}
          </div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 pt-3 pb-[max(12px,env(safe-area-inset-bottom))]">
              {footer}
            </footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** The focus goes back to where it came from, by React Aria; what it came from may be done with and gone. */
function useFocusAfter(): void {
  const [origin] = useState(takeOrigin)
  useEffect(
    () => () => {
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (!isNowhere()) return
          if (origin instanceof HTMLElement && origin.isConnected) origin.focus()
          else focusOnwards()
        }),
      )
    },
    [origin],
  )
}
