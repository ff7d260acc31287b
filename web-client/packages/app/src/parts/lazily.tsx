// A part of the page that is loaded when it is first shown. One that does not come, or fails, says so in its own place;
// everything around it goes on.

import { RotateCw, TriangleAlert, X } from 'lucide-react'
import { Component, type ComponentType, createElement, lazy, type ReactNode, Suspense } from 'react'
import { spoken } from '../words/words'
import { Button } from './button'
import { Empty } from './states'

interface Look<P> {
  /** What is shown until it is there. */
  readonly waiting?: ReactNode
  /** It floats above the page, so what is said of it does too, and is closed like it. */
  readonly close?: (props: P) => void
}

export function lazily<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  { waiting, close }: Look<P> = {},
): ComponentType<P> {
  let Loaded = lazy(load)
  const newest = (props: P) => createElement(Loaded as ComponentType<P>, props)
  const again = async () => {
    try {
      await load()
      Loaded = lazy(load)
    } catch {
      // Chromium does not ask twice for what did not come once. What was written is kept.
      if (navigator.onLine) window.location.reload()
    }
  }
  return props => (
    <Around again={again} close={close && (() => close(props))}>
      <Suspense fallback={waiting}>{createElement(newest, props)}</Suspense>
    </Around>
  )
}

interface Props {
  /** What can be done about it before it is shown again. */
  readonly again?: () => Promise<void>
  readonly close?: (() => void) | undefined
  readonly children: ReactNode
}

export class Around extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    const { again, close, children } = this.props
    if (!this.state.broken) return children
    const { states, dialog } = spoken.getSnapshot().words
    const retry = async () => {
      await again?.()
      this.setState({ broken: false })
    }
    return (
      <div
        role="alert"
        className={
          close ? 'fixed inset-x-3 bottom-3 z-50 mx-auto max-w-96 rounded-lg bg-float shadow-float' : 'm-auto'
        }
      >
        <Empty icon={TriangleAlert} title={states.missing} hint={states.missingHint}>
          <Button icon={RotateCw} onPress={() => void retry()}>
            {states.retry}
          </Button>
          {close && (
            <Button look="quiet" icon={X} onPress={close}>
              {dialog.close}
            </Button>
          )}
        </Empty>
      </div>
    )
  }
}
