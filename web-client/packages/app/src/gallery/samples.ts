// One of everything that a timeline can hold: for looking at, and for pictures in tests.

import type { Actor, Entry, Event, Item, OrderSnapshot, OutboxItem, Policy, State } from '@order-chat/client'
import type { Outcome } from '../room/outcomes'

export const ORDER = '01900000-0000-7000-8000-000000000001'
const ID = '01900000-0000-7000-8000-0000000000c1'
const T0 = Date.parse('2026-11-22T10:00:00Z')

export const buyer: Actor = { role: 'buyer', user: 'buyer', name: 'Buyer' }
export const seller: Actor = { role: 'seller', user: 'seller', name: 'Seller' }
export const agent: Actor = { role: 'agent', user: 'agent', name: 'Agent' }
const bot: Actor = { role: 'bot' }
const clock: Actor = { role: 'system' }
const host: Actor = { role: 'host' }

export function inHours(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString()
}

function at(seq: number): string {
  return new Date(T0 + seq * 60_000).toISOString()
}

let last = 0

export function entry(by: Actor, event: Event): Entry {
  last += 1
  return { seq: last, at: at(last), by, id: ID, event }
}

export function item(by: Actor, event: Event, more: Partial<Item> = {}): Item {
  const made = entry(by, event)
  const text = event.type === 'message.posted' && event.text ? { text: event.text } : {}
  return { key: `#${made.seq}`, entry: made, ...text, ...more }
}

const file = (name: string, size: number) => ({
  id: name,
  name,
  size,
  sha256: 'a1b2'.repeat(16),
  type: 'video/mp4',
})
const terms = { due_at: at(9000), revisions: 3, price: 18_000 }
const current = { due_at: at(7000), revisions: 2, price: 15_000 }
const policy = { preset: 'creator' } as Policy

export const messages: readonly (Item & { readonly mine: boolean })[] = [
  { ...item(seller, { type: 'message.posted', text: 'Hello. I start tomorrow morning.' }), mine: false },
  {
    ...item(buyer, {
      type: 'message.posted',
      text: 'Good. Everything is on https://example.com/pictures',
      reply_to: 1,
    }),
    mine: true,
  },
  {
    ...item(agent, {
      type: 'message.posted',
      text: 'I read along and help where I can.',
      files: [file('Agreement.pdf', 45_000)],
    }),
    mine: false,
  },
  { ...item(seller, { type: 'message.posted', text: 'شكرا لك، سأبدأ غدا.' }), mine: false },
  {
    ...item(
      buyer,
      { type: 'message.posted', text: 'Edited' },
      { edited: entry(buyer, { type: 'message.edited', seq: 2, text: 'Edited' }) },
    ),
    mine: true,
  },
  {
    ...item(
      buyer,
      { type: 'message.posted', text: 'Gone' },
      { retracted: entry(buyer, { type: 'message.retracted', seq: 3 }) },
    ),
    mine: true,
  },
]

export const pendings: readonly OutboxItem[] = (['queued', 'sent', 'refused'] as const).map((state, no) => ({
  no,
  id: `${ID.slice(0, -1)}${no}`,
  order: ORDER,
  command: { type: 'post_message', text: `A message that is ${state}` },
  state,
  queuedAt: at(no),
  attempts: 1,
  ...(state === 'refused'
    ? { refusal: { code: 'room_closed' as const, message: 'The room is read-only.' } }
    : {}),
}))

export const cards: readonly Item[] = [
  item(host, {
    type: 'order.placed',
    listing: { id: 'L-17', title: 'Product film, 30 seconds' },
    buyer: 'buyer',
    seller: 'seller',
    price: { amount: 15_000, currency: 'USD' },
    origin: 'listing',
    policy,
    revisions: 2,
    delivery_days: 7,
    paid: true,
    reference: 'M-2041',
  }),
  item(host, { type: 'requirements.asked', questions: ['brand', 'must'] }),
  item(buyer, { type: 'requirements.answered', answers: { brand: 'The oak desk lamp' } }),
  item(seller, {
    type: 'delivery.submitted',
    no: 1,
    kind: 'files',
    files: [file('film-v1.mp4', 81_234_567), file('poster.png', 345_678)],
    note: 'Two endings are inside.',
  }),
  item(seller, {
    type: 'delivery.submitted',
    no: 2,
    kind: 'external',
    where: 'Shared folder “Film”, second file',
  }),
  item(seller, {
    type: 'delivery.submitted',
    no: 3,
    kind: 'shipped',
    carrier: 'Post',
    tracking: 'RR123456789',
    eta: at(4000),
  }),
  item(buyer, {
    type: 'revision.requested',
    no: 1,
    delivery: 1,
    text: 'The end is too sudden.',
    points: ['Two seconds longer', 'Less bass'],
    remaining: 1,
    due_at: at(6000),
  }),
  item(seller, {
    type: 'contract.proposed',
    proposal: ID,
    changes: terms,
    current,
    consequences: [
      { code: 'cancel_from', at: at(9000) },
      { code: 'revisions_left', left: 2 },
      { code: 'owed', amount: 3_000 },
    ],
    expires_at: at(2880),
  }),
  item(buyer, {
    type: 'cancel.requested',
    reason: 'The date has passed, and I need it no longer.',
    respond_by: at(15),
  }),
  item(seller, {
    type: 'dispute.opened',
    reason: 'The questions that I need are not answered.',
    respond_by: at(15),
  }),
  item(agent, {
    type: 'resolution.proposed',
    resolution: ID,
    option: { kind: 'partial_refund', amount: 5_000 },
    expires_at: at(2880),
  }),
]

export const outcomes: readonly Outcome[] = (
  [
    ['accepted', true],
    ['ended', false],
    ['answered_again', false],
    ['revised', false],
    ['accepted', true],
    ['auto_accepted', true],
    ['answered', true],
    ['declined', false],
    ['rejected', false],
    ['resolved', true],
    ['agreed', true],
  ] as const
).map(([code, good]) => ({ code, good, by: code === 'accepted' ? buyer : agent, at: at(50), no: 2 }))

export const events: readonly Item[] = [
  item(seller, { type: 'order.accepted', due_at: at(7000), without_answers: false }),
  item(seller, { type: 'order.declined', reason: 'I am away until spring.' }),
  item(clock, { type: 'order.auto_cancelled' }),
  item(clock, { type: 'order.auto_closed' }),
  item(seller, { type: 'payment.marked', agreed: false }),
  item(seller, { type: 'payment.marked', agreed: true }),
  item(host, { type: 'payment.confirmed', amount: 15_000, reference: 'B-1' }),
  item(host, { type: 'payment.refunded', amount: 15_000, reference: 'B-2' }),
  item(host, { type: 'payment.paid_out', amount: 15_000, reference: 'B-3' }),
  item(clock, { type: 'refund.requested', amount: 15_000 }),
  item(clock, { type: 'payout.requested', amount: 15_000 }),
  item(buyer, { type: 'order.completed', close_reason: 'buyer_accept', delivery: 2 }),
  item(clock, { type: 'order.auto_completed', delivery: 2 }),
  item(clock, { type: 'review.reminded', left_s: 86_400 }),
  item(clock, { type: 'order.overdue' }),
  item(clock, { type: 'order.idle' }),
  item(buyer, { type: 'contract.updated', proposal: ID, old: current, new: terms }),
  item(buyer, { type: 'contract.declined', proposal: ID, reason: 'Too late for the fair.' }),
  item(seller, { type: 'contract.withdrawn', proposal: ID }),
  item(clock, { type: 'contract.lapsed', proposal: ID }),
  item(seller, { type: 'cancel.agreed' }),
  item(buyer, { type: 'cancel.withdrawn' }),
  item(agent, { type: 'cancel.approved', refund: 15_000, reason: 'The work is two weeks late.' }),
  item(agent, { type: 'cancel.rejected', reason: 'The delivery is good.' }),
  item(buyer, { type: 'order.cancelled', close_reason: 'mutual' }),
  item(agent, {
    type: 'dispute.resolved',
    option: { kind: 'cancel', refund: 7_500 },
    reason: 'Both halves are fair.',
  }),
  item(buyer, { type: 'dispute.withdrawn' }),
  item(agent, { type: 'agent.joined', agent: 'agent' }),
  item(agent, { type: 'agent.left', agent: 'agent' }),
  item(agent, { type: 'case.handed_over', from: 'agent' }),
  item(clock, { type: 'case.escalated' }),
  item(buyer, { type: 'resolution.accepted', resolution: ID, side: 'buyer' }),
  item(seller, { type: 'resolution.agreed', resolution: ID, option: { kind: 'extra_revision' } }),
  item(clock, { type: 'resolution.lapsed', resolution: ID }),
  item(host, { type: 'something.new' } as unknown as Event),
]

export const prompt: Item = item(bot, {
  type: 'bot.prompted',
  buyer: {
    code: 'delivered_review',
    params: { review_by: inHours(160), remaining: 2 },
    actions: ['accept_delivery'],
  },
  seller: { code: 'delivered_waiting', params: { review_by: inHours(160) }, actions: [] },
  because: [12],
})

const question = { kind: 'text', required: true } as const

/** An order in any state, with all that can stand beside it. */
export function snapshot(state: State, more: Partial<OrderSnapshot> = {}): OrderSnapshot {
  const over = ['completed', 'cancelled', 'refunded', 'declined'].includes(state)
  const kind = state === 'delivered' ? 'review' : state === 'new' ? 'accept' : 'due'
  return {
    order: ORDER,
    version: 4,
    head: 40,
    state,
    label: `${state.charAt(0).toUpperCase()}${state.slice(1).replace('_', ' ')}`,
    listing: { id: 'L-17', title: 'Product film, 30 seconds' },
    parties: {
      buyer: { user: 'buyer', name: 'Buyer' },
      seller: { user: 'seller', name: 'Seller' },
      agents: [],
    },
    price: { amount: 15_000, currency: 'USD' },
    origin: 'listing',
    settlement: 'escrow',
    policy,
    placed_at: at(0),
    ...(state === 'new' ? {} : { due_at: inHours(40) }),
    overdue: false,
    revisions: {
      allowed: 2,
      used: state === 'in_revision' ? 1 : 0,
      remaining: state === 'in_revision' ? 1 : 2,
    },
    payment: {
      status: 'paid',
      captured: 15_000,
      held: 15_000,
      released: 0,
      refunded: 0,
      refund_due: 0,
      payout_due: 0,
    },
    fulfilment: 'none',
    requirements: {
      status: 'answered',
      form: [
        { id: 'brand', label: 'Which product is it about?', ...question },
        { id: 'must', label: 'What must be in it?', ...question },
      ],
      answers: { brand: 'The oak desk lamp' },
    },
    deliveries: [],
    timers: over
      ? []
      : [{ kind, fire_at: inHours(state === 'delivered' ? 5 : 40), paused: false, because: 3 }],
    next_step: { you: { code: 'step_review', params: {}, actions: ['accept_delivery', 'request_revision'] } },
    actions: (['post_message', 'accept_delivery', 'request_revision'] as const).map(command => ({
      command,
      allowed: true,
      needs: [],
    })),
    ...more,
  }
}
