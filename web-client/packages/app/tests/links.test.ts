// @vitest-environment happy-dom

import { expect, it } from 'vitest'
import { parts } from '../src/parts/links'

const linked = (text: string) => parts(text).flatMap(({ href }) => href ?? [])
const { host } = window.location

it('addresses of the web and of mail can be followed', () => {
  expect(linked('see https://example.org/brief or a@example.org')).toEqual([
    'https://example.org/brief',
    'mailto:a@example.org',
  ])
})

it.each([
  `http://${host}/orders/o#token=eyJ`,
  `https://${host}/#token=eyJ`,
  `http://${host}/orders/o#x=1&token=eyJ`,
  `http://${host}/#%74oken=eyJ`,
])('an address that would sign the reader in as somebody is text: %s', address => {
  expect(linked(`look ${address} here`)).toEqual([])
  expect(
    parts(`look ${address} here`)
      .map(({ text }) => text)
      .join(''),
  ).toBe(`look ${address} here`)
})

it('an order’s address, and what others do with theirs, is no sign-in', () => {
  const own = `http://${host}/orders/o`
  expect(linked(`${own} https://example.org/#token=eyJ`)).toEqual([own, 'https://example.org/#token=eyJ'])
})

it('what looks like an address and is none is text', () => {
  expect(linked('https://example.com@javascript:canary(18)')).toEqual([])
})
