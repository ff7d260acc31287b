import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { retryAfter } from '../src/backoff.js'
import { bytesOf, decode, encode, UnreadableFrame } from '../src/frames.js'
import type { ClientFrame } from '../src/protocol.js'
import { fixtures, protocolFile } from './files.js'

it('D5: the types are those that the Rust types generate (pnpm run protocol)', () => {
  const here = readFileSync(new URL('../src/protocol.ts', import.meta.url), 'utf8')
  expect(here).toBe(protocolFile('bindings/protocol.ts'))
})

describe('frames from the server', () => {
  const files = fixtures('server')
  expect(files.length).toBeGreaterThan(12)
  for (const { name, cases } of files) {
    it.each(cases.map(one => [one.title, one] as const))(
      `${name}: %s`,
      (_, { frame, text, expect: wanted }) => {
        const read = decode(text ?? JSON.stringify(frame))
        if (wanted.ignored) return expect(read).toBeUndefined()
        if (wanted.reads) return expect(read).toEqual(frame)
        // What this build does not know may stay, as long as what it knows is there.
        if (wanted.reads_as) return expect(read).toEqual(frame)
        throw new Error('not an expectation of a frame from the server')
      },
    )
  }
})

describe('frames from the client', () => {
  const good = fixtures('client').flatMap(({ name, cases }) =>
    cases
      .filter(one => one.expect.reads)
      .map(one => [`${name}: ${one.title}`, one.frame as ClientFrame] as const),
  )
  expect(good.length).toBeGreaterThan(20)

  it.each(good)('%s', (_, frame) => {
    expect(JSON.parse(encode(frame))).toEqual(frame)
  })

  it('a field that is undefined is absent, as the server wants it', () => {
    const frame = { type: 'hello', client: undefined } as unknown as ClientFrame
    expect(encode(frame)).toBe('{"type":"hello"}')
  })

  it('the limit counts bytes, not characters', () => {
    expect(bytesOf('é€😀')).toBe(2 + 3 + 4)
  })
})

describe('what is no frame', () => {
  const bad = ['', 'hello', '[]', 'null', '7', '{}', '{"type":7}', '{"type":"entry","order":"o"}']
  const worse = ['{"type":"entry","order":"o","entry":{"seq":"1","event":{}}}', '{"type":"ack","ref":1.5}']
  it.each([...bad, ...worse])('%s is told apart from a frame of the future', text => {
    expect(() => decode(text)).toThrow(UnreadableFrame)
  })

  it('names of every object are no frame types', () => {
    expect(decode('{"type":"constructor"}')).toBeUndefined()
    expect(decode('{"type":"__proto__"}')).toBeUndefined()
  })
})

it('the range of a close code is the rule', () => {
  const { retry } = JSON.parse(protocolFile('fixtures/close_codes.json')) as { retry: Record<string, string> }
  expect(Object.keys(retry).length).toBeGreaterThan(20)
  for (const [code, rule] of Object.entries(retry))
    expect([code, retryAfter(Number(code))]).toEqual([code, rule])
})
