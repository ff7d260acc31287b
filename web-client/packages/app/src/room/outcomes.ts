// What became of the things that wait for an answer: stamped on their cards. Pure.

import type { Actor, Entry, Seq } from '@order-chat/client'

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

/** Entry after entry; what each settles is known at once. */
export class Outcomes {
  /** By the seq of the entry that was answered. */
  readonly told = new Map<Seq, Outcome>()
  private readonly open = new Map<string, Seq>()

  /** Gives the entries that this one settles. */
  take(entry: Entry): readonly Seq[] {
    const answered: Seq[] = []
    for (const { of, code, good, no } of settledBy(entry)) {
      const seq = this.open.get(of)
      if (seq === undefined) continue
      const { by, at } = entry
      this.told.set(seq, { code, good, by, at, ...(no === undefined ? {} : { no }) })
      this.open.delete(of)
      answered.push(seq)
    }
    const opened = opens(entry)
    if (opened) this.open.set(opened, entry.seq)
    return answered
  }
}

export function outcomesOf(entries: readonly Entry[]): ReadonlyMap<Seq, Outcome> {
  const outcomes = new Outcomes()
  for (const entry of entries) outcomes.take(entry)
  return outcomes.told
}

function opens({ event }: Entry): string | undefined {
  switch (event.type) {
    case 'order.placed':
      return 'order'
    case 'requirements.asked':
      return 'requirements'
    case 'requirements.answered':
      return 'answers'
    case 'delivery.submitted':
      return 'delivery'
    case 'contract.proposed':
      return 'proposal'
    case 'cancel.requested':
      return 'cancel'
    case 'dispute.opened':
      return 'dispute'
    case 'resolution.proposed':
      return 'resolution'
    default:
      return undefined
  }
}

interface Settled {
  readonly of: string
  readonly code: Code
  readonly good: boolean
  readonly no?: number
}

const settled = (of: string, code: Code, good: boolean, no?: number): Settled => ({
  of,
  code,
  good,
  ...(no === undefined ? {} : { no }),
})

function settledBy({ event }: Entry): Settled[] {
  switch (event.type) {
    case 'order.accepted':
      return [settled('order', 'accepted', true)]
    case 'order.declined':
      return [settled('order', 'declined', false), settled('requirements', 'ended', false)]
    case 'order.auto_cancelled':
    case 'order.auto_closed':
      return [settled('order', 'ended', false), settled('requirements', 'ended', false)]
    case 'requirements.answered':
      return [settled('requirements', 'answered', true), settled('answers', 'answered_again', false)]
    case 'delivery.submitted':
      return [settled('delivery', 'replaced', false, event.no)]
    case 'revision.requested':
      return [settled('delivery', 'revised', false)]
    case 'order.completed':
      return [settled('delivery', 'accepted', true), settled('proposal', 'ended', false)]
    case 'order.auto_completed':
      return [settled('delivery', 'auto_accepted', true), settled('proposal', 'ended', false)]
    case 'contract.updated':
      // What customer experience decides changes the terms too, and leaves a proposal open.
      return event.proposal === undefined ? [] : [settled('proposal', 'accepted', true)]
    case 'contract.declined':
      return [settled('proposal', 'declined', false)]
    case 'contract.withdrawn':
      return [settled('proposal', 'withdrawn', false)]
    case 'contract.lapsed':
      return [settled('proposal', 'lapsed', false)]
    case 'cancel.agreed':
      return [settled('cancel', 'agreed', true)]
    case 'cancel.withdrawn':
      return [settled('cancel', 'withdrawn', false)]
    case 'cancel.approved':
      return [settled('cancel', 'approved', true)]
    case 'cancel.rejected':
      return [settled('cancel', 'rejected', false)]
    case 'dispute.withdrawn':
      return [settled('dispute', 'closed', true), settled('resolution', 'lapsed', false)]
    case 'dispute.resolved':
      return [
        settled('dispute', 'resolved', true),
        settled('cancel', 'resolved', true),
        settled('resolution', 'resolved', true),
      ]
    case 'resolution.agreed':
      return [
        settled('resolution', 'agreed', true),
        settled('dispute', 'agreed', true),
        settled('cancel', 'agreed', true),
      ]
    case 'resolution.proposed':
      return [settled('resolution', 'withdrawn', false)]
    case 'resolution.lapsed':
      return [settled('resolution', 'lapsed', false)]
    case 'order.cancelled':
      return ['order', 'requirements', 'delivery', 'proposal', 'cancel', 'dispute', 'resolution'].map(of =>
        settled(of, 'ended', false),
      )
    default:
      return []
  }
}
