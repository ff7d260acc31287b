// How a tab reaches the hub. Where the browser has Web Locks and BroadcastChannel, the tabs of a user agree on a
// leader, which runs the hub for all of them; the lock passes on when its tab ends, however that happens, and to a tab
// that has a token when the leader's is no good.

import { type ConnectionState, lacksToken } from './connection.js'
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
  /** That tab may take the lock. */
  | { readonly from: 'hub'; readonly hub: string; readonly to: string; readonly take: true }
  | { readonly from: 'leader'; readonly hub: string }
  | { readonly from: 'tab'; readonly tab: string; readonly attach: true }
  | { readonly from: 'tab'; readonly tab: string; readonly hub: string; readonly message: TabMessage }
  /** It has a token, which the hub lacks. */
  | { readonly from: 'tab'; readonly tab: string; readonly hub: string; readonly offer: true }

interface Leading {
  readonly id: string
  readonly hub: Hub
  readonly over: AbortController
  /** The other tabs that are here. What one said may be heard after it has ended. */
  readonly tabs: Set<string>
  /** The tab that was told to take the lock. */
  heir: string | undefined
}

/** The hub in this tab, for this tab alone. */
function directLink(settings: Settings, storage: OutboxStorage, listener: LinkListener): Link {
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

export function linkOf(settings: Settings, storage: OutboxStorage, listener: LinkListener): Link {
  const { locks, BroadcastChannel: Channel } = settings.environment
  if (!settings.shareSocket || !locks || !Channel) return directLink(settings, storage, listener)
  const name = `${settings.scope}/${settings.user}`
  return new SharedLink(settings, storage, listener, locks, name, new Channel(name))
}

class SharedLink implements Link {
  private readonly settings: Settings
  private readonly storage: OutboxStorage
  private readonly listener: LinkListener
  private readonly channel: BroadcastChannel
  private readonly locks: Pick<LockManager, 'request'>
  private readonly name: string
  private readonly me: string
  private readonly closing = new AbortController()
  private readonly closed = new Promise<void>(resolve =>
    this.closing.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  /** The hub, when this tab leads. */
  private hub: Leading | undefined
  /** How often this tab has the lock: what it steals comes on top of what it waits for. */
  private held = 0
  /** The server refused this tab's token: it is not offered before there may be another. */
  private spent = false
  /** The hub that has answered this tab. */
  private attached: string | undefined

  constructor(
    settings: Settings,
    storage: OutboxStorage,
    listener: LinkListener,
    locks: Pick<LockManager, 'request'>,
    name: string,
    channel: BroadcastChannel,
  ) {
    this.settings = settings
    this.storage = storage
    this.listener = listener
    this.locks = locks
    this.name = name
    this.me = settings.environment.newId()
    this.channel = channel
    this.channel.onmessage = event => this.hear(event.data as Post)
    // Its own lock first: by it a leader notices that this tab has ended.
    this.hold(this.lockOf(this.me), () => {
      this.attach()
      this.queue()
    })
  }

  send(message: TabMessage): void {
    if (message.kind === 'reconnect') this.spent = false
    if (this.hub) this.hub.hub.receive(this.me, message)
    else if (this.attached) {
      this.post({ from: 'tab', tab: this.me, hub: this.attached, message })
      // There may be a new sign-in in this tab, of which a hub that is still connected hears nothing.
      if (message.kind === 'reconnect') void this.offer(this.attached)
    }
  }

  close(): void {
    // Silent first: the other tabs are not closed, they will hear of the next leader.
    this.closing.abort()
    this.channel.close()
    this.leave()
  }

  private attach(): void {
    this.post({ from: 'tab', tab: this.me, attach: true })
  }

  /** Waits for the lock, always, or steals it. */
  private queue(options?: LockOptions): void {
    const taken = () => {
      this.follow()
      if (!options) this.queue()
    }
    this.hold(`${this.name}/leader`, () => this.lead(), taken, options)
  }

  private lead(): void {
    this.held += 1
    if (this.hub) return
    const id = this.settings.environment.newId()
    const hub = new Hub(this.settings, this.storage, (to, message) => this.deliver(id, to, message))
    this.hub = { id, hub, over: new AbortController(), tabs: new Set(), heir: undefined }
    this.attached = id
    this.listener.lost()
    hub.attach(this.me)
    this.post({ from: 'leader', hub: id })
    void hub.start()
  }

  /** The lock was taken from this tab. */
  private follow(): void {
    this.held -= 1
    if (this.held > 0) return
    this.leave()
    this.attached = undefined
    this.listener.lost()
    this.attach()
  }

  /** Silent first: what a hub says when it stops is no news of the next one. */
  private leave(): void {
    const left = this.hub
    this.hub = undefined
    left?.over.abort()
    left?.hub.stop()
  }

  private deliver(hub: string, to: string, message: HubMessage): void {
    if (this.hub?.id !== hub) return
    // Who comes is told how it is: no news to the others, nor to whoever was promised the lock.
    if (message.kind === 'state' && to === EVERYBODY) this.heard(message.state)
    if (to !== this.me) this.post({ from: 'hub', hub, to, message: forOthers(message) })
    if (to === this.me || to === EVERYBODY) this.listener.message(message)
  }

  /** Whoever has a token offers it to a hub that lacks one: at most once in each of its back-offs. */
  private heard(state: ConnectionState): void {
    if (state.is === 'connected') this.spent = false
    if (!lacksToken(state)) return
    if (this.hub) {
      this.hub.heir = undefined
      if (state.is === 'closed') this.spent = true
    } else if (!this.spent) void this.offer(this.attached)
  }

  private async offer(hub: string | undefined): Promise<void> {
    try {
      await this.settings.getToken()
    } catch {
      return
    }
    if (hub !== undefined) this.post({ from: 'tab', tab: this.me, hub, offer: true })
  }

  private handOver(leading: Leading, to: string): void {
    if (leading.heir !== undefined || !leading.tabs.has(to) || !lacksToken(leading.hub.state)) return
    leading.heir = to
    this.post({ from: 'hub', hub: leading.id, to, take: true })
  }

  private hear(post: Post): void {
    switch (post.from) {
      case 'leader':
        if (this.hub) return
        this.attached = undefined
        this.listener.lost()
        return this.attach()
      case 'hub':
        if (this.hub || (post.to !== this.me && post.to !== EVERYBODY)) return
        if (post.to === this.me) this.attached = post.hub
        if (post.hub !== this.attached) return
        if ('take' in post) return this.queue({ steal: true })
        if (post.message.kind === 'state') this.heard(post.message.state)
        return this.listener.message(post.message)
      case 'tab':
        if (!this.hub) return
        if ('attach' in post) this.welcome(this.hub, post.tab)
        else if (post.hub !== this.hub.id) return
        else if ('offer' in post) this.handOver(this.hub, post.tab)
        else this.hub.hub.receive(post.tab, post.message)
    }
  }

  private welcome(leading: Leading, tab: string): void {
    const { hub, over, tabs } = leading
    hub.attach(tab)
    tabs.add(tab)
    const gone = () => {
      hub.detach(tab)
      tabs.delete(tab)
      // The others are heard again.
      if (leading.heir === tab) this.deliver(leading.id, EVERYBODY, { kind: 'state', state: hub.state })
    }
    this.locks.request(this.lockOf(tab), { signal: over.signal }, gone).catch(() => {})
  }

  private hold(
    lock: string,
    granted: () => void,
    taken = () => {},
    options: LockOptions = { signal: this.closing.signal },
  ): void {
    const { signal } = this.closing
    let holds = false
    const holding = this.locks.request(lock, options, () => {
      if (signal.aborted) return undefined
      granted()
      holds = true
      return this.closed
    })
    // Ended while waiting: this tab is closing.
    holding.catch(() => {
      if (holds && !signal.aborted) taken()
    })
  }

  private post(post: Post): void {
    if (!this.closing.signal.aborted) this.channel.postMessage(post)
  }

  private lockOf(tab: string): string {
    return `${this.name}/tab/${tab}`
  }
}

/** It is not their token that was refused. */
function forOthers(message: HubMessage): HubMessage {
  if (message.kind !== 'state' || message.state.is !== 'closed' || !lacksToken(message.state)) return message
  return { kind: 'state', state: { is: 'idle', tokenProblem: message.state.reason } }
}
