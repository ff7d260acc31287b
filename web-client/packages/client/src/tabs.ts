// How a tab reaches the hub. Where the browser has Web Locks and BroadcastChannel, the tabs of a user agree on a
// leader, which runs the hub for all of them; the lock passes on when its tab ends, however that happens.

import { Hub, type HubMessage, type TabMessage } from './hub.js'
import { EVERYBODY } from './mux.js'
import type { Settings } from './options.js'
import type { OutboxStorage } from './storage.js'

export interface Link {
  send(message: TabMessage): void
  close(): void
}

export interface LinkListener {
  message(message: HubMessage): void
  /** The hub is another one now, or none: what was asked will not be answered. */
  lost(): void
}

/** What goes over the channel. */
type Post =
  | { readonly from: 'hub'; readonly hub: string; readonly to: string; readonly message: HubMessage }
  | { readonly from: 'leader'; readonly hub: string }
  | { readonly from: 'tab'; readonly tab: string; readonly attach: true }
  | { readonly from: 'tab'; readonly tab: string; readonly hub: string; readonly message: TabMessage }

/** The hub in this tab, for this tab alone. */
export function directLink(settings: Settings, storage: OutboxStorage, listener: LinkListener): Link {
  const me = 'tab'
  let open = true
  const hub = new Hub(settings, storage, (_, message) => {
    if (open) listener.message(message)
  })
  hub.attach(me)
  void hub.start()
  return {
    send: message => hub.receive(me, message),
    close: () => {
      hub.stop()
      open = false
    },
  }
}

export function canShare({ shareSocket, environment }: Settings): boolean {
  return shareSocket && environment.locks !== undefined && environment.BroadcastChannel !== undefined
}

export class SharedLink implements Link {
  private readonly settings: Settings
  private readonly storage: OutboxStorage
  private readonly listener: LinkListener
  private readonly channel: BroadcastChannel
  private readonly locks: Pick<LockManager, 'request'>
  private readonly name: string
  private readonly me: string
  private readonly closing = new AbortController()
  /** The hub, when this tab leads. */
  private hub: { readonly id: string; readonly hub: Hub } | undefined
  /** The hub that has answered this tab. */
  private attached: string | undefined

  constructor(settings: Settings, storage: OutboxStorage, listener: LinkListener) {
    const { locks, BroadcastChannel: Channel, newId } = settings.environment
    if (!locks || !Channel) throw new Error('this browser cannot share a socket')
    this.settings = settings
    this.storage = storage
    this.listener = listener
    this.locks = locks
    this.name = `${settings.scope}/${settings.user}`
    this.me = newId()
    this.channel = new Channel(this.name)
    this.channel.onmessage = event => this.hear(event.data as Post)
    // Its own lock first: by it a leader notices that this tab has ended.
    this.hold(this.lockOf(this.me), () => {
      this.post({ from: 'tab', tab: this.me, attach: true })
      this.hold(`${this.name}/leader`, () => this.lead())
    })
  }

  send(message: TabMessage): void {
    if (this.hub) this.hub.hub.receive(this.me, message)
    else if (this.attached) this.post({ from: 'tab', tab: this.me, hub: this.attached, message })
  }

  close(): void {
    // Silent first: the other tabs are not closed, they will hear of the next leader.
    this.closing.abort()
    this.channel.close()
    this.hub?.hub.stop()
    this.hub = undefined
  }

  private lead(): void {
    const id = this.settings.environment.newId()
    const hub = new Hub(this.settings, this.storage, (to, message) => this.deliver(id, to, message))
    this.hub = { id, hub }
    this.attached = id
    this.listener.lost()
    hub.attach(this.me)
    this.post({ from: 'leader', hub: id })
    void hub.start()
  }

  private deliver(hub: string, to: string, message: HubMessage): void {
    if (this.closing.signal.aborted) return
    if (to !== this.me) this.post({ from: 'hub', hub, to, message })
    if (to === this.me || to === EVERYBODY) this.listener.message(message)
  }

  private hear(post: Post): void {
    switch (post.from) {
      case 'leader':
        if (this.hub) return
        this.attached = undefined
        this.listener.lost()
        return this.post({ from: 'tab', tab: this.me, attach: true })
      case 'hub':
        if (this.hub || (post.to !== this.me && post.to !== EVERYBODY)) return
        if (post.to === this.me) this.attached = post.hub
        if (post.hub === this.attached) this.listener.message(post.message)
        return
      case 'tab':
        if (!this.hub) return
        if ('attach' in post) this.welcome(this.hub.hub, post.tab)
        else if (post.hub === this.hub.id) this.hub.hub.receive(post.tab, post.message)
    }
  }

  private welcome(hub: Hub, tab: string): void {
    hub.attach(tab)
    // Granted when that tab is gone.
    const { signal } = this.closing
    this.locks.request(this.lockOf(tab), { signal }, () => hub.detach(tab)).catch(() => {})
  }

  private hold(lock: string, held: () => void): void {
    const { signal } = this.closing
    const until = new Promise<void>(resolve =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    )
    const holding = this.locks.request(lock, { signal }, () => {
      if (!signal.aborted) held()
      return until
    })
    // Only an abort while waiting ends here: this tab is closing.
    holding.catch(() => {})
  }

  private post(post: Post): void {
    if (!this.closing.signal.aborted) this.channel.postMessage(post)
  }

  private lockOf(tab: string): string {
    return `${this.name}/tab/${tab}`
  }
}
