// Sentences about an order: prompts, events, terms and outcomes, with people's names in place of their roles. Pure.

import type {
  Actor,
  Consequence,
  Event,
  OrderSnapshot,
  Prompt,
  Resolution,
  Side,
  Terms,
} from '@order-chat/client'
import type { Format } from './format'
import { fill, type Words } from './words'

/** What a sentence may need to know beside its own fields. */
export interface Telling {
  readonly w: Words
  readonly format: Format
  readonly buyer: string
  readonly seller: string
  readonly currency: string
  /** The side that reads, if it is one. */
  readonly mine: Side | undefined
}

export function tellingOf(
  w: Words,
  format: Format,
  snapshot: OrderSnapshot | undefined,
  user: string,
): Telling {
  const parties = snapshot?.parties
  const mine = parties?.buyer.user === user ? 'buyer' : parties?.seller.user === user ? 'seller' : undefined
  return {
    w,
    format,
    buyer: parties?.buyer.name ?? w.roles.buyer ?? '',
    seller: parties?.seller.name ?? w.roles.seller ?? '',
    currency: snapshot?.price.currency ?? 'USD',
    mine,
  }
}

export function namesIn(telling: Telling): Record<string, string> {
  const { buyer, seller, mine } = telling
  return { buyer, seller, other: mine === 'seller' ? buyer : seller }
}

/** What the chatbot says. */
export function promptText({ code, params }: Prompt, telling: Telling): string {
  const text = (telling.w.prompts as Record<string, string>)[code]
  return text === undefined
    ? code.replaceAll('_', ' ')
    : fill(text, { ...namesIn(telling), ...shown(params, telling) })
}

export function actorName({ name, role }: Actor, { w }: Telling): string {
  return name ?? w.roles[role] ?? role
}

export function eventText(event: Event, by: Actor, telling: Telling): string {
  const text = telling.w.events[variantOf(event)]
  if (text === undefined) {
    const short = telling.w.previews[event.type]
    return short === undefined ? telling.w.room.unknown : `${actorName(by, telling)}: ${short}`
  }
  return fill(text, { ...shown(event, telling), ...namesIn(telling), by: actorName(by, telling) })
}

function variantOf(event: Event): string {
  if (event.type === 'order.accepted' && event.without_answers) return 'order.accepted.waits'
  if (event.type === 'payment.marked' && event.agreed) return 'payment.agreed'
  if (
    event.type === 'order.completed' &&
    (event.close_reason !== 'buyer_accept' || event.delivery === undefined)
  )
    return 'order.completed.other'
  if (event.type === 'dispute.resolved' && !event.option) return 'dispute.resolved.parties'
  return event.type
}

export function termsText(terms: Terms, telling: Telling): string {
  return telling.format.list(termLines(terms, telling).map(({ label, value }) => `${label} ${value}`))
}

export function termLines(
  terms: Terms,
  { w, format, currency }: Telling,
): { field: keyof Terms; label: string; value: string }[] {
  const line = (field: keyof Terms, value: string | undefined) =>
    value === undefined ? [] : [{ field, label: w.terms[field], value }]
  const { due_at, revisions, price } = terms
  return [
    ...line('due_at', due_at && format.moment(due_at)),
    ...line('revisions', revisions === undefined ? undefined : format.number(revisions)),
    ...line('price', price === undefined ? undefined : format.money({ amount: price, currency })),
  ]
}

export function resolutionText(option: Resolution, telling: Telling): string {
  return fill(telling.w.resolutions[option.kind] ?? option.kind, shown(option, telling))
}

export function consequenceText(consequence: Consequence, telling: Telling): string {
  const text = telling.w.consequences[consequence.code]
  return text === undefined ? '' : fill(text, { ...shown(consequence, telling), ...namesIn(telling) })
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** Fields as a person reads them. */
function shown(fields: object, telling: Telling): Record<string, string> {
  const values = Object.entries(fields).map(([name, value]) => [name, show(name, value, telling)] as const)
  return Object.fromEntries(values)
}

function show(name: string, value: unknown, telling: Telling): string {
  const { format, currency, w } = telling
  if (name === 'payment' && typeof value === 'string') return w.status.payments[value] ?? value
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return MOMENT.test(value) ? format.moment(value) : value
  if (typeof value === 'number') {
    return /^(amount|refund|price)$/.test(name)
      ? format.money({ amount: value, currency })
      : format.number(value)
  }
  if (name === 'option') return resolutionText(plainMoney(value) as Resolution, telling)
  if (/^(changes|terms|new|old|current)$/.test(name)) return termsText(plainMoney(value) as Terms, telling)
  if (isMoney(value)) return format.money(value)
  return ''
}

/** Prompts carry amounts with their currency; terms and outcomes without. */
function plainMoney(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, isMoney(part) ? part.amount : part]),
  )
}

function isMoney(value: unknown): value is { amount: number; currency: string } {
  return (value as { currency?: unknown } | null | undefined)?.currency !== undefined
}

/** A state as this marketplace calls it, in the reader's language where it is known there. */
export function labelText(label: string, w: Words): string {
  return w.labels[label] ?? label
}
