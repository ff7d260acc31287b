// Several tabs on one socket: whose question an answer belongs to, and which rooms somebody still follows. Pure.
//
// A tab's own timeline drops what it has and asks again for what it misses, so frames may safely reach tabs that
// did not ask for them: when one tab subscribes, the server starts the room anew for the whole socket.

import type { ClientFrame, OrderId, PresenceFrame, ServerFrame, UserId } from './protocol.js'

export type PortId = string
/** Everybody who is attached. */
export const EVERYBODY = '*'

export interface Delivery {
  readonly to: PortId | typeof EVERYBODY
  readonly frame: ServerFrame
}

interface Question {
  readonly port: PortId
  readonly ref: number
  readonly kind: ClientFrame['type']
  readonly order?: OrderId
}

interface Port {
  readonly rooms: Set<OrderId>
  readonly person: boolean
  presence: PresenceFrame['state']
}

/** What goes to the server, and what to tabs. */
export interface Routed {
  readonly frames: readonly ClientFrame[]
  readonly deliveries: readonly Delivery[]
}

export class Mux {
  private readonly user: UserId
  private readonly ports = new Map<PortId, Port>()
  private readonly questions = new Map<number, Question>()
  private lastRef = 0
  /** What the server was told last; a new socket is active. */
  private presence: PresenceFrame['state'] = 'active'

  constructor(user: UserId) {
    this.user = user
  }

  /** `person` is false for what is no tab: it says nothing about anybody being there. */
  attach(id: PortId, person = true): void {
    if (!this.ports.has(id)) this.ports.set(id, { rooms: new Set(), person, presence: 'active' })
  }

  /** A tab is gone: rooms that nobody else follows are left. */
  detach(id: PortId): Routed {
    const port = this.ports.get(id)
    this.ports.delete(id)
    const frames = [...(port?.rooms ?? [])].flatMap(order => this.leave(order))
    return routed([...frames, ...this.presenceFrames()])
  }

  /** The connection ended: nothing of it will be answered, and everybody subscribes anew. */
  disconnected(): void {
    this.questions.clear()
    this.presence = 'active'
    for (const port of this.ports.values()) port.rooms.clear()
  }

  /** A tab wants something of the server. */
  ask(id: PortId, frame: ClientFrame): Routed {
    const port = this.ports.get(id)
    if (!port) return routed()
    switch (frame.type) {
      case 'presence':
        port.presence = frame.state
        return routed(this.presenceFrames())
      case 'read': {
        // The other tabs share the cursor, and the server does not tell a socket what it said itself.
        const signal: ServerFrame = {
          type: 'signal',
          kind: 'read',
          user: this.user,
          order: frame.order,
          seq: frame.seq,
        }
        return { frames: [frame], deliveries: [{ to: EVERYBODY, frame: signal }] }
      }
      case 'unsubscribe':
        port.rooms.delete(frame.order)
        if (this.isFollowed(frame.order)) {
          return { frames: [], deliveries: [{ to: id, frame: { ...frame, type: 'unsubscribed' } }] }
        }
        return routed([this.numbered(id, frame)])
      case 'subscribe':
        port.rooms.add(frame.order)
        return routed([this.numbered(id, frame)])
      case 'command':
      case 'history':
        return routed([this.numbered(id, frame)])
      case 'typing':
        return routed([frame])
      default:
        // The connection's own.
        return routed()
    }
  }

  /** The server said something. */
  hear(frame: ServerFrame): Routed {
    if (!('ref' in frame) || frame.ref === undefined) {
      if (frame.type === 'unsubscribed') this.lost(frame.order)
      return { frames: [], deliveries: [{ to: EVERYBODY, frame }] }
    }
    const question = this.questions.get(frame.ref)
    if (!question) return routed()
    this.questions.delete(frame.ref)
    const port = this.ports.get(question.port)
    if (frame.type === 'rejected' && question.kind === 'subscribe' && question.order)
      port?.rooms.delete(question.order)
    if (!port)
      return routed(question.kind === 'subscribe' && question.order ? this.leave(question.order) : [])
    const answer: Delivery = { to: question.port, frame: { ...frame, ref: question.ref } }
    return { frames: [], deliveries: [answer, ...this.shared(frame, question.port)] }
  }

  /** The first page after a subscription is news to the other tabs too. */
  private shared(frame: ServerFrame, asker: PortId): Delivery[] {
    if (frame.type !== 'subscribed') return []
    const { order, entries, head } = frame
    const others = [...this.ports].filter(([id, port]) => id !== asker && port.rooms.has(order))
    if (others.length === 0) return []
    return [{ to: EVERYBODY, frame: { type: 'entries', order, entries, head } }]
  }

  private numbered<F extends ClientFrame & { ref: number; order: OrderId }>(port: PortId, frame: F): F {
    this.lastRef += 1
    this.questions.set(this.lastRef, { port, ref: frame.ref, kind: frame.type, order: frame.order })
    return { ...frame, ref: this.lastRef }
  }

  private isFollowed(order: OrderId): boolean {
    return [...this.ports.values()].some(port => port.rooms.has(order))
  }

  private leave(order: OrderId): ClientFrame[] {
    if (this.isFollowed(order)) return []
    this.lastRef += 1
    return [{ type: 'unsubscribe', ref: this.lastRef, order }]
  }

  private lost(order: OrderId): void {
    for (const port of this.ports.values()) port.rooms.delete(order)
  }

  /** A person is there if they are in any of their tabs. */
  private presenceFrames(): ClientFrame[] {
    const states = [...this.ports.values()].filter(port => port.person).map(port => port.presence)
    const state = states.length === 0 || states.includes('active') ? 'active' : 'away'
    if (state === this.presence) return []
    this.presence = state
    return [{ type: 'presence', state }]
  }
}

function routed(frames: readonly ClientFrame[] = []): Routed {
  return { frames, deliveries: [] }
}
