// A line of the conversation list: what it says, and where it stands among the others. Pure.

import type { CaseKind, InboxRoom, InboxTab, OrderId } from '@order-chat/client'
import type { Telling } from '../words/sentences'

export interface Line {
  readonly room: InboxRoom
  /** The reader is asked to do something. */
  readonly turn: boolean
  readonly late: boolean
  /** When something runs out for the reader; how long others may take is no time to pay in. */
  readonly until: string | undefined
  /** With customer experience, and why. */
  readonly with: CaseKind | undefined
}

const LATE_STEPS: ReadonlySet<string> = new Set(['step_late', 'step_late_wait'])
/** A way to do something is offered, but nobody waits for it. */
const NO_TURN: ReadonlySet<string> = new Set(['step_cancel_wait', 'step_cx_wait', 'step_cx_here'])

/** What is asked for is done in the marketplace, not here. */
export const PAY = 'step_pay'

/** A room that did not change has the line it had. */
const lines = new WeakMap<InboxRoom, Line>()

export function lineOf(room: InboxRoom): Line {
  const known = lines.get(room)
  if (known) return known
  const line = newLine(room)
  lines.set(room, line)
  return line
}

function newLine(room: InboxRoom): Line {
  const code = room.next_step?.code ?? ''
  return {
    room,
    turn: code === PAY || ((room.next_step?.actions.length ?? 0) > 0 && !NO_TURN.has(code)),
    late: LATE_STEPS.has(code),
    until: code === PAY ? undefined : room.deadline,
    with: room.case,
  }
}

/** Each room is in one tab, as the service sorts them. */
export function tabOf({ room, with: open }: Line): InboxTab {
  if (open) return 'disputed'
  switch (room.state) {
    case undefined:
      return 'conversations'
    case 'offered':
    case 'new':
      return 'new'
    case 'in_progress':
    case 'in_revision':
      return 'active'
    case 'delivered':
      return 'delivered'
    default:
      return 'done'
  }
}

/** My turn first, the nearest deadline first among those; then as the service has them: the latest first. */
export function sortedLines(rooms: readonly InboxRoom[]): Line[] {
  const lines = rooms.map(lineOf)
  const mine = lines.filter(({ turn }) => turn)
  mine.sort((a, b) => endOf(a) - endOf(b))
  return [...mine, ...lines.filter(({ turn }) => !turn)]
}

function endOf({ until }: Line): number {
  return until ? Date.parse(until) : Number.POSITIVE_INFINITY
}

/** What a person says when they speak of this order and not another: the host's number for it, else the end of its id. */
export function numberOf({ order, reference }: Pick<InboxRoom, 'order' | 'reference'>): string {
  return `#${(reference ?? order.slice(-6).toUpperCase()).replace(/^#/, '')}`
}

/** Orders that title and name do not tell apart. */
export function alike(rooms: readonly InboxRoom[]): ReadonlySet<OrderId> {
  const firsts = new Map<string, OrderId>()
  const twins = new Set<OrderId>()
  for (const { order, title, other } of rooms) {
    if (title === undefined) continue
    const name = `${title}\n${other.user}`
    const first = firsts.get(name)
    if (first === undefined) firsts.set(name, order)
    else twins.add(first).add(order)
  }
  return twins
}

/** By title, by the other's name and by number; the case of letters does not matter. */
export function found(rooms: readonly InboxRoom[], text: string): readonly InboxRoom[] {
  const wanted = text.trim().toLocaleLowerCase()
  if (wanted === '') return rooms
  return rooms.filter(room =>
    `${room.title ?? ''} ${room.other.name} ${numberOf(room)}`.toLocaleLowerCase().includes(wanted),
  )
}

export function previewText({ last }: InboxRoom, me: string, { w }: Pick<Telling, 'w'>): string {
  if (!last) return ''
  const event = w.previews[last.preview]
  if (event !== undefined) return event
  return last.by.user === me ? `${w.inbox.you}: ${last.preview}` : last.preview
}
