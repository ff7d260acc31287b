import { readdirSync, readFileSync } from 'node:fs'
import { Closed, HttpProblem, NotQueued, type OrderSnapshot, Refused } from '@order-chat/client'
import { describe, expect, it } from 'vitest'
import { snapshot } from '../src/gallery/samples'
import { en } from '../src/words/en'
import { problemText, refusalText, SignedOut } from '../src/words/problems'
import { languages } from '../src/words/words'

// Paths from the package's folder, where its tests run.
const GATEWAY = '../../../crates/gateway/src'

/** Codes of the rules, as the generated bindings have them. */
const rules = () => {
  const bindings = readFileSync('../client/src/protocol.ts', 'utf8')
  const union = /export type Code = ([^;]+);/.exec(bindings)?.[1] ?? ''
  return [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code ?? '')
}

/** Codes that the gateway answers over HTTP beside them: a status and a name, side by side. */
const http = () => {
  const sources = readdirSync(GATEWAY, { recursive: true, encoding: 'utf8' }).filter(path =>
    path.endsWith('.rs'),
  )
  const text = sources.map(path => readFileSync(`${GATEWAY}/${path}`, 'utf8')).join('\n')
  const codes = [...text.matchAll(/\(\s*[45]\d\d,\s*"([a-z_]+)"/g)].map(([, code]) => code ?? '')
  return [...new Set(codes)]
}

/** What the service says of these to people is said in English as it is. */
const SAID_BY_THE_SERVICE: ReadonlySet<string> = new Set([
  ...['order_not_found', 'not_your_role', 'wrong_state', 'not_past_due', 'no_revisions_left', 'case_open'],
  ...['no_case', 'not_joined', 'already_claimed', 'proposal_open', 'no_proposal', 'requirements_unanswered'],
  ...['stale_proposal', 'no_resolution', 'amount_mismatch', 'room_closed', 'window_closed', 'already_done'],
  ...['cx_join_required', 'not_found', 'file_not_found', 'upload_not_found', 'upload_expired'],
  ...['link_expired', 'link_not_valid'],
])

const spoken = await Promise.all(languages.map(async ({ tag, load }) => ({ tag, w: await load() })))

describe('every code that the service answers', () => {
  it('is found in its sources', () => {
    expect(rules().length).toBeGreaterThan(25)
    expect(http()).toEqual(
      expect.arrayContaining(['room_full', 'too_many_files', 'too_many_pieces', 'unreadable']),
    )
  })

  it.each(spoken)('has words in $tag', ({ tag, w }) => {
    const known = (code: string) => code in w.reasons || code in w.uploads.troubles
    const silent = [...rules(), ...http()].filter(code => !known(code))
    expect(silent.filter(code => tag !== 'en' || !SAID_BY_THE_SERVICE.has(code))).toEqual([])
  })
})

describe('S31, S58: why an order cannot be cancelled', () => {
  const order = (state: OrderSnapshot['state'], unlocks: OrderSnapshot['policy']['cancel_unlocked_by']) => {
    const sample = snapshot(state)
    return { ...sample, state, policy: { ...sample.policy, cancel_unlocked_by: unlocks } }
  }
  const BOTH = ['past_due', 'revisions_exhausted'] as const
  it.each([
    ['not_past_due', 'in_progress', [...BOTH], 'past_due'],
    ['not_past_due', 'in_revision', ['past_due'], 'past_due'],
    ['not_past_due', 'delivered', [...BOTH], 'revisions_exhausted'],
    ['not_past_due', 'delivered', ['past_due'], 'delivered'],
    ['wrong_state', 'in_progress', ['revisions_exhausted'], 'revisions_exhausted'],
    ['wrong_state', 'in_progress', [], 'never'],
  ] as const)('%s, %s, unlocked by %j: %s', (code, state, unlocks, says) => {
    for (const { w } of spoken)
      expect(refusalText({ code, message: 'x' }, w, order(state, [...unlocks]))).toBe(w.cancelling[says])
  })

  it('English says it as the service does', () => {
    const guard = readFileSync('../../../crates/order-domain/src/guard.rs', 'utf8')
    for (const sentence of Object.values(en.cancelling)) expect(guard).toContain(`"${sentence}"`)
  })

  it('other reasons are other reasons', () => {
    const ended = order('completed', [...BOTH])
    expect(refusalText({ code: 'wrong_state', message: 'It is over.' }, en, ended)).toBe('It is over.')
    const open = order('in_progress', [...BOTH])
    expect(refusalText({ code: 'case_open', message: 'A case is open.' }, en, open)).toBe('A case is open.')
  })
})

describe('what failed', () => {
  const problem = (status: number, code = '') =>
    new HttpProblem({ type: 'about:blank', title: '', status, detail: 'raw', code, retry: false })
  it.each(spoken)('is told in $tag without a machine’s words', ({ w }) => {
    expect(problemText(new TypeError('Failed to fetch'), w)).toBe(w.states.unreachable)
    expect(problemText(new DOMException('signal timed out', 'TimeoutError'), w)).toBe(w.states.unreachable)
    expect(problemText(new SignedOut('x'), w)).toBe(w.connection.expired)
    expect(problemText(new Closed(1001, 'x'), w)).toBe(w.connection.closed)
    expect(problemText(new NotQueued('full', 'x'), w)).toBe(w.composer.tooMany)
    expect(problemText(problem(401), w)).toBe(w.reasons.unauthenticated)
    expect(problemText(problem(502), w)).toBe(w.reasons.unavailable)
    expect(problemText(problem(422, 'bad_field'), w)).toBe(w.reasons.bad_field)
    expect(problemText(new Refused({ code: 'rate_limited', message: 'x' }), w)).toBe(w.reasons.rate_limited)
  })
})
