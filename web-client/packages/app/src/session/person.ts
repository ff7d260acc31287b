// Who uses this tab. Two tabs can be two persons: the session is the tab's, and nothing of it outlives the tab.

import type { AccountRole } from '@order-chat/client'
import { tabStorage } from '../storage'
import { Value } from '../store'
import { isServerTimeKnown, serverNow } from '../time/clock'
import { SignedOut } from '../words/problems'

export interface Person {
  readonly user: string
  readonly role: AccountRole
  readonly name: string
  readonly token: string
}

const KEY = 'order-chat.person'
/** Written, with the user behind it, when a browser forgets somebody. */
export const FORGOTTEN = 'order-chat.forgotten/'
/** A token is renewed this long before it ends, where that can be. */
const SOON_MS = 120_000

/** Why nobody is signed in, where somebody was or wanted to be. */
export const signedOut = new Value<'ended' | 'refused' | undefined>(undefined)
export const person = new Value<Person | undefined>(kept())
/** Whom a link names while somebody else, or they under another name, are signed in here, until that one says who goes on. */
export const newcomer = new Value<Person | undefined>(undefined)

arrive()
// The host may send somebody again, with a new token, to the page that stands open.
window.addEventListener('hashchange', arrive)

function arrive(): void {
  const who = arrived()
  if (who) signIn(who)
}

export function signIn(who: Person): void {
  keep(who)
  signedOut.set(undefined)
  // The same person goes on where they are.
  if (isSame(person.getSnapshot(), who)) return
  person.set(who)
}

export function signOut(why?: 'ended'): void {
  tabStorage.removeItem(KEY)
  newcomer.set(undefined)
  signedOut.set(why)
  person.set(undefined)
}

export function isStaff({ role }: Pick<Person, 'role'>): boolean {
  return role === 'agent' || role === 'admin'
}

/** Whether this service hands out accounts to play with. Its page says so: nothing is asked in order to know. */
export const isDemo = import.meta.env.DEV || document.querySelector('meta[name=order-chat-demo]') !== null

/** A service that is no demo hands out nobody. */
export class NoDemo extends Error {}

/** The demo's accounts, as the service hands them out on this machine. */
export async function demoAccounts(): Promise<Person[]> {
  const answer = await fetch('/demo/accounts')
  if (!answer.ok) throw new NoDemo(`the demo accounts were not given out (${answer.status})`)
  const { accounts } = (await answer.json()) as { accounts: Person[] }
  return accounts
}

/** What the service did not take. */
let refused: string | undefined

/** The service did not take this token, whatever a clock says: the next one asked for is another. */
export function refuse(token: string): void {
  refused = token
}

/** A token good for the next minutes: the one at hand, or a new one of the same demo account. One that the host gave is good
 * until it ends by the server's clock, and until that is heard the service itself says so: only the host has another. */
export async function goodToken(who: Person): Promise<string> {
  const latest = kept()
  let { token } = latest?.user === who.user ? latest : who
  // Anybody can write a link in this person's name: what it brought was none, what was there before may be good still.
  if (token === refused && token !== who.token) {
    keep(who)
    token = who.token
  }
  const left = token === refused ? 0 : endsAt(token) - serverNow()
  if (left > SOON_MS) return token
  const fresh = await anew(who)
  if (fresh) {
    if (person.getSnapshot()?.user === who.user) keep(fresh)
    return fresh.token
  }
  if (left > 0 || (token !== refused && !isServerTimeKnown())) return token
  throw new SignedOut('the sign-in has ended')
}

async function anew(who: Person): Promise<Person | undefined> {
  if (!isDemo) return undefined
  try {
    return (await demoAccounts()).find(account => account.user === who.user)
  } catch (error) {
    if (error instanceof NoDemo) return undefined
    throw error
  }
}

interface Claims {
  readonly sub?: string
  readonly role?: string
  readonly name?: string
  readonly exp?: number
}

/** Somebody whom the host sent: `#token=…` behind any address of this page. The token does not stay in the address. Anybody
 * can write such an address: who is signed in here is asked before they are somebody else. */
export function arrived(): Person | undefined {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token')
  if (!token) return undefined
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  const { sub: user, role, name } = claimsOf(token)
  // A token of the host itself has no place in a browser.
  if (!user || (role !== 'user' && role !== 'agent' && role !== 'admin')) {
    signedOut.set('refused')
    return undefined
  }
  const who: Person = { user, role, name: name ?? user, token }
  const here = person.getSnapshot()
  if (here && !isSame(here, who)) {
    newcomer.set(who)
    return undefined
  }
  keep(who)
  return who
}

function isSame(a: Person | undefined, b: Person): boolean {
  return a?.user === b.user && a.role === b.role && a.name === b.name
}

function endsAt(token: string): number {
  return (claimsOf(token).exp ?? 0) * 1000
}

function claimsOf(token: string): Claims {
  try {
    const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
    const bytes = Uint8Array.from(atob(payload), one => one.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims
  } catch {
    return {}
  }
}

function keep(who: Person): void {
  tabStorage.setItem(KEY, JSON.stringify(who))
}

function kept(): Person | undefined {
  try {
    const text = tabStorage.getItem(KEY)
    return text ? (JSON.parse(text) as Person) : undefined
  } catch {
    return undefined
  }
}
