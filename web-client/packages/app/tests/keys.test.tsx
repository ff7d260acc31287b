// @vitest-environment happy-dom

import { cleanup, fireEvent, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useKeys } from '../src/shell/keys'
import { overlay } from '../src/shell/overlay'
import { Value } from '../src/store'

vi.mock('../src/session/session', () => ({ useSession: () => ({ singleKeys }) }))
const singleKeys = new Value(true)
const pressed = vi.fn()

function Page({ order = false, text = '' }: { order?: boolean; text?: string }) {
  useKeys()
  return (
    <>
      {['a', 'b', 'c'].map(name => (
        <a
          key={name}
          href={`#${name}`}
          data-conversation
          aria-current={name === 'b' ? 'page' : undefined}
          onClick={() => pressed(name)}
        >
          {name}
        </a>
      ))}
      <textarea id="composer" defaultValue={text} />
      {order && <button type="button" id="order-actions" onClick={() => pressed('actions')} />}
      {order && <button type="button" id="order-status" onClick={() => pressed('status')} />}
    </>
  )
}

/** Whether the page left the key to the browser. */
const key = (target: Element, name: string, more = {}) => fireEvent.keyDown(target, { key: name, ...more })
const field = () => document.getElementById('composer') as HTMLTextAreaElement

beforeEach(() => pressed.mockClear())
afterEach(() => {
  cleanup()
  overlay.set(undefined)
  singleKeys.set(true)
})

it('a key alone does what its button does, and nothing where there is none', () => {
  const { rerender } = render(<Page />)
  for (const one of ['a', 'i', '/', 'x']) expect(key(document.body, one)).toBe(true)
  rerender(<Page order />)
  expect(pressed).not.toHaveBeenCalled()
  expect(key(document.body, 'a')).toBe(false)
  key(document.body, 'i')
  expect(pressed.mock.calls).toEqual([['actions'], ['status']])
  key(document.body, 'c')
  expect(document.activeElement).toBe(field())
  key(document.body, '?')
  expect(overlay.getSnapshot()).toBe('keys')
})

it('a key alone is not taken from somebody who types, nor where they are turned off', () => {
  render(<Page order />)
  expect(key(field(), 'a')).toBe(true)
  singleKeys.set(false)
  expect(key(document.body, 'a')).toBe(true)
  expect(pressed).not.toHaveBeenCalled()
})

it('Alt with an arrow leads to the next conversation, but not out of a text', () => {
  render(<Page text="half a thought" />)
  expect(key(field(), 'ArrowDown', { altKey: true })).toBe(true)
  expect(pressed).not.toHaveBeenCalled()
  expect(key(document.body, 'ArrowDown', { altKey: true })).toBe(false)
  cleanup()
  render(<Page />)
  key(field(), 'ArrowUp', { altKey: true })
  expect(pressed.mock.calls).toEqual([['c'], ['a']])
})
