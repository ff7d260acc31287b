import type { QueuedCase } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { holderOf, isFree } from '../src/desk/holder'

const FROM = '2026-11-22T10:15:00Z'
const one = (more: Partial<QueuedCase>) => ({ ...more }) as QueuedCase
const at = (time: string) => Date.parse(`2026-11-22T${time}Z`)

describe('L33: whose a case is', () => {
  it('is free until somebody claims it, and again when they do not come', () => {
    expect(holderOf(one({}), 'me', at('10:00:00'))).toBe('nobody')
    expect(holderOf(one({ claimed_by: 'me', claimable_from: FROM }), 'me', at('11:00:00'))).toBe('me')
    const theirs = one({ claimed_by: 'other', claimable_from: FROM })
    expect(holderOf(theirs, 'me', at('10:14:59'))).toBe('other')
    expect(holderOf(theirs, 'me', at('10:15:00'))).toBe('late')
    expect(holderOf(one({ claimed_by: 'other' }), 'me', at('11:00:00'))).toBe('other')
  })

  it('can be taken from who is late', () => {
    expect((['nobody', 'me', 'other', 'late'] as const).filter(isFree)).toEqual(['nobody', 'late'])
  })
})
