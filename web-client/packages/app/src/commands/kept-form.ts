// What is filled in and not sent, by person, order and command: a closed dialog or a reload loses none of it. Ticks are
// given anew, and terms are always the present ones.

import type { CommandKind, OrderId } from '@order-chat/client'
import type { Storing } from '../storage'
import { type Filled, nothingFilled } from './form'

type Kept = Pick<Filled, 'texts' | 'points' | 'answers' | 'outcome'>

/** More forms than anybody leaves half filled in. */
const KEEP = 30
const FROM_TERMS: ReadonlySet<CommandKind> = new Set(['propose_update', 'approve_cancel'])

export class KeptForms {
  private readonly storage: Storing
  private readonly key: string

  constructor(storage: Storing, user: string) {
    this.storage = storage
    this.key = `order-chat.forms/${user}`
  }

  get(order: OrderId, kind: CommandKind): Partial<Filled> {
    return this.all()[`${order} ${kind}`] ?? {}
  }

  set(order: OrderId, kind: CommandKind, { texts, points, answers, outcome }: Filled): void {
    if (FROM_TERMS.has(kind)) return
    this.write(order, kind, { texts, points, answers, outcome })
  }

  forget(order: OrderId, kind: CommandKind): void {
    this.write(order, kind, undefined)
  }

  private write(order: OrderId, kind: CommandKind, form: Kept | undefined): void {
    const { [`${order} ${kind}`]: _, ...others } = this.all()
    const kept = Object.entries(others).slice(-(KEEP - 1))
    const now = form && !isEmpty(form) ? [...kept, [`${order} ${kind}`, form]] : kept
    this.storage.setItem(this.key, JSON.stringify(Object.fromEntries(now)))
  }

  private all(): Record<string, Kept> {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? '{}') as Record<string, Kept>
    } catch {
      return {}
    }
  }
}

function isEmpty({ texts, points, answers, outcome }: Kept): boolean {
  const written = [...Object.values(texts), ...points, ...Object.values(answers)]
  return outcome === nothingFilled.outcome && written.every(text => text === '')
}
