// @vitest-environment happy-dom

import { cleanup, render, screen } from '@testing-library/react'
import { createElement } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { Toast } from '../src/parts/toast'
import { copy } from '../src/room/message-row'
import { en } from '../src/words/en'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it.each([
  ['there is none', undefined, en.message.notCopied],
  [
    'it is refused',
    async () => Promise.reject(new DOMException('no', 'NotAllowedError')),
    en.message.notCopied,
  ],
  ['it is written', async () => undefined, en.message.copied],
])('a copy says what became of it: %s', async (_, writeText, said) => {
  vi.stubGlobal('navigator', { clipboard: writeText && { writeText } })
  render(createElement(Toast))
  copy('a text', en.message.copied)
  expect(await screen.findByText(said)).toBeTruthy()
})
