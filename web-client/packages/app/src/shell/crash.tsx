import { OctagonAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from '../parts/button'
import { Empty } from '../parts/states'
import { spoken } from '../words/words'

/** What a person sees when a part of the page throws: never a white page. */
export class Crash extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    if (!this.state.broken) return this.props.children
    const { states } = spoken.getSnapshot().words
    return (
      <div className="flex h-full" role="alert">
        <Empty icon={OctagonAlert} title={states.crash} hint={states.crashHint}>
          <Button look="accent" onPress={() => window.location.reload()}>
            {states.reload}
          </Button>
        </Empty>
      </div>
    )
  }
}
