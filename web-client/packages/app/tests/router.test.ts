// @vitest-environment happy-dom

import { describe, expect, it } from 'vitest'
import { placeOf } from '../src/shell/router'

describe('addresses', () => {
  it('S5, S37: an order has an address of its own', () => {
    expect(placeOf('/orders/abc')).toEqual({ at: 'orders', order: 'abc' })
    expect(placeOf('/orders/')).toEqual({ at: 'orders' })
    expect(placeOf('/desk/abc')).toEqual({ at: 'desk', order: 'abc' })
  })

  it('an address that is none says so', () => {
    expect(placeOf('/orders/a/b').at).toBe('nowhere')
    expect(placeOf('/else').at).toBe('nowhere')
  })
})
