// Who uses this tab. Two tabs can be two persons: the session is the tab's, and nothing of it outlives the tab.

import type { AccountRole } from '@order-chat/client'
import { Value } from '../store'

export interface Person {
  readonly user: string
  readonly role: AccountRole
  readonly name: string
  readonly token: string
}

const KEY = 'order-chat.person'

export const person = new Value<Person | undefined>(kept())

export function signIn(who: Person): void {
  sessionStorage.setItem(KEY, JSON.stringify(who))
  person.set(who)
}

export function signOut(): void {
  sessionStorage.removeItem(KEY)
  person.set(undefined)
}

export function isStaff({ role }: Pick<Person, 'role'>): boolean {
  return role === 'agent' || role === 'admin'
}

/** The demo's accounts, as the service hands them out on this machine. */
export async function demoAccounts(): Promise<Person[]> {
  const answer = await fetch('/demo/accounts')
  if (!answer.ok) throw new Error(`the demo accounts were not given out (${answer.status})`)
  const { accounts } = (await answer.json()) as { accounts: Person[] }
  return accounts
}

/** A token good for the next minutes: the one at hand, or a new one of the same demo account. */
export async function goodToken(who: Person): Promise<string> {
  if (endsAt(who.token) > Date.now() + 120_000) return who.token
  const fresh = (await demoAccounts()).find(account => account.user === who.user)
  if (!fresh) throw new Error('the sign-in has ended')
  if (person.getSnapshot()?.user === who.user) sessionStorage.setItem(KEY, JSON.stringify(fresh))
  return fresh.token
}

function endsAt(token: string): number {
  try {
    const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
    return (JSON.parse(atob(payload)) as { exp: number }).exp * 1000
  } catch {
    return 0
  }
}

function kept(): Person | undefined {
  try {
    const text = sessionStorage.getItem(KEY)
    return text ? (JSON.parse(text) as Person) : undefined
  } catch {
    return undefined
  }
}
