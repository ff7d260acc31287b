// The demo marketplace: be somebody in this tab, place orders, and report what a payment service would.

import { Store } from 'lucide-react'
import { Avatar } from '../parts/avatar'
import { Button } from '../parts/button'
import { Empty, Skeleton } from '../parts/states'
import { useAsked } from '../session/asked'
import { demoAccounts, isStaff, type Person, person, signIn } from '../session/person'
import { useSessionIfAny } from '../session/session'
import { leave } from '../shell/leave'
import { goOn } from '../shell/router'
import { useStore } from '../store'
import { useWords } from '../words/use-words'
import { PaymentsForm } from './payments-form'
import { Storefront } from './storefront'

export default function DemoPage() {
  const me = useStore(person)
  const { w } = useWords()
  return (
    <main className="min-w-0 grow overflow-y-auto bg-ground">
      <div className="mx-auto flex w-full max-w-220 flex-col gap-8 px-4 py-8 sm:px-8 sm:py-12">
        <header className="flex items-start gap-4">
          {!me && <img src="/icon.svg" alt="" className="mt-1 size-10" />}
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{w.demo.title}</h1>
            <p className="mt-1 max-w-140 text-base text-pretty text-ink-2">{w.demo.intro}</p>
          </div>
        </header>
        <Who me={me} />
        {me && (
          <>
            <Storefront />
            <PaymentsForm />
          </>
        )}
      </div>
    </main>
  )
}

function Who({ me }: { me: Person | undefined }) {
  const { w, fill } = useWords()
  const session = useSessionIfAny()
  const accounts = useAsked(demoAccounts, 'accounts')
  if (me && session)
    return (
      <section className="flex flex-wrap items-center gap-4 rounded-lg border border-line bg-surface px-5 py-4">
        <Avatar name={me.name} role={me.role} size={40} />
        <p className="min-w-0 grow text-sm">
          <span dir="auto" className="block font-semibold">
            {fill(w.demo.you, { name: me.name })}
          </span>
          <span className="text-ink-2">{w.demo.roles[me.user]}</span>
        </p>
        <Button onPress={() => leave(session)}>{w.demo.change}</Button>
      </section>
    )
  if (accounts.loading) return <Skeleton rows={4} />
  if (!accounts.data) return <Empty icon={Store} title={w.demo.off} hint={w.demo.offHint} />
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-base font-semibold">{w.demo.pick}</h2>
      <ul className="grid gap-3 sm:grid-cols-2">
        {accounts.data.map(account => (
          <li key={account.user}>
            <button
              type="button"
              onClick={() => {
                signIn(account)
                goOn(isStaff(account))
              }}
              className="flex h-full w-full items-center gap-4 rounded-lg border border-line bg-surface px-5 py-4 text-start transition-colors duration-120 hover:border-accent hover:bg-accent-soft"
            >
              <Avatar name={account.name} role={account.role} size={44} />
              <span className="min-w-0">
                <span className="block text-sm font-semibold">{fill(w.demo.as, { name: account.name })}</span>
                <span className="block text-xs text-pretty text-ink-2">{w.demo.roles[account.user]}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
