// Entries and commands to try rules with.

import type { Entry, Event } from '../src/protocol.js'

export const ORDER = '0190aaaa-0000-7000-8000-000000000001'
export const EPOCH = '0190aaaa-0000-7000-8000-0000000000e1'

export function entry(
  seq: number,
  event: Event = { type: 'message.posted', text: `text ${seq}` },
  user = 'seller',
): Entry {
  return {
    seq,
    at: '2026-11-22T10:00:00.000Z',
    by: { role: 'seller', user, name: user },
    id: `id-${seq}`,
    event,
  }
}

export function range(from: number, to: number): Entry[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => entry(from + at))
}

export function seqs(entries: readonly Entry[]): number[] {
  return entries.map(({ seq }) => seq)
}
