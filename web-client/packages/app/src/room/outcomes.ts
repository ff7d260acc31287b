// What became of the things that wait for an answer: stamped on their cards. Pure.

import type { Actor, Entry, Event, Seq } from '@order-chat/client'

export interface Outcome {
  readonly code:
    | 'accepted'
    | 'declined'
    | 'withdrawn'
    | 'lapsed'
    | 'revised'
    | 'replaced'
    | 'auto_accepted'
    | 'agreed'
    | 'resolved'
    | 'approved'
    | 'rejected'
    | 'answered'
    | 'answered_again'
    | 'ended'
    | 'closed'
  readonly good: boolean
  readonly by: Actor
  readonly at: string
  readonly no?: number
}

type Code = Outcome['code']
type Type = Event['type']
type Open =
  | 'order'
  | 'requirements'
  | 'answers'
  | 'delivery'
  | 'proposal'
  | 'cancel'
  | 'dispute'
  | 'resolution'

const OPENS: Partial<Record<Type, Open>> = {
  'order.placed': 'order',
  'requirements.asked': 'requirements',
  'requirements.answered': 'answers',
  'delivery.submitted': 'delivery',
  'contract.proposed': 'proposal',
  'cancel.requested': 'cancel',
  'dispute.opened': 'dispute',
  'resolution.proposed': 'resolution',
}

const ENDED = { order: 'ended', requirements: 'ended' } as const

const SETTLES: Partial<Record<Type, Partial<Record<Open, Code>>>> = {
  'order.accepted': { order: 'accepted' },
  'order.declined': { order: 'declined', requirements: 'ended' },
  'order.auto_cancelled': ENDED,
  'order.auto_closed': ENDED,
  'requirements.answered': { requirements: 'answered', answers: 'answered_again' },
  'delivery.submitted': { delivery: 'replaced' },
  'revision.requested': { delivery: 'revised' },
  'order.completed': { delivery: 'accepted', proposal: 'ended' },
  'order.auto_completed': { delivery: 'auto_accepted', proposal: 'ended' },
  'contract.updated': { proposal: 'accepted' },
  'contract.declined': { proposal: 'declined' },
  'contract.withdrawn': { proposal: 'withdrawn' },
  'contract.lapsed': { proposal: 'lapsed' },
  'cancel.agreed': { cancel: 'agreed' },
  'cancel.withdrawn': { cancel: 'withdrawn' },
  'cancel.approved': { cancel: 'approved' },
  'cancel.rejected': { cancel: 'rejected' },
  'dispute.withdrawn': { dispute: 'closed', resolution: 'lapsed' },
  'dispute.resolved': { dispute: 'resolved', cancel: 'resolved', resolution: 'resolved' },
  'resolution.agreed': { resolution: 'agreed', dispute: 'agreed', cancel: 'agreed' },
  'resolution.proposed': { resolution: 'withdrawn' },
  'resolution.lapsed': { resolution: 'lapsed' },
  'order.cancelled': {
    ...ENDED,
    delivery: 'ended',
    proposal: 'ended',
    cancel: 'ended',
    dispute: 'ended',
    resolution: 'ended',
  },
}

const GOOD: ReadonlySet<Code> = new Set([
  'accepted',
  'auto_accepted',
  'agreed',
  'resolved',
  'approved',
  'answered',
  'closed',
])

/** Entry after entry; what each settles is known at once. */
export class Outcomes {
  /** By the seq of the entry that was answered. */
  readonly told = new Map<Seq, Outcome>()
  private readonly open = new Map<string, Seq>()

  /** Gives the entries that this one settles. */
  take({ event, by, at, seq }: Entry): readonly Seq[] {
    const answered: Seq[] = []
    for (const [of, code] of Object.entries(settledBy(event))) {
      const first = this.open.get(of)
      if (first === undefined) continue
      const no = event.type === 'delivery.submitted' ? { no: event.no } : {}
      this.told.set(first, { code, good: GOOD.has(code), by, at, ...no })
      this.open.delete(of)
      answered.push(first)
    }
    const opened = OPENS[event.type]
    if (opened) this.open.set(opened, seq)
    return answered
  }
}

export function outcomesOf(entries: readonly Entry[]): ReadonlyMap<Seq, Outcome> {
  const outcomes = new Outcomes()
  for (const entry of entries) outcomes.take(entry)
  return outcomes.told
}

function settledBy(event: Event): Partial<Record<Open, Code>> {
  // What customer experience decides changes the terms too, and leaves a proposal open.
  const leaves = event.type === 'contract.updated' && event.proposal === undefined
  return (!leaves && SETTLES[event.type]) || {}
}
