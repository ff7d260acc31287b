// A tiny storefront: the buyer's order from a listing, with the seller's questions.

import { MessageCircleQuestion, ShoppingBag } from 'lucide-react'
import { useState } from 'react'
import { minorOf } from '../commands/form'
import { Button } from '../parts/button'
import { Choose, TextField, Tick } from '../parts/field'
import { say } from '../parts/toast'
import { useSession } from '../session/session'
import { go } from '../shell/router'
import { problemText } from '../words/problems'
import { useWords } from '../words/use-words'
import { type DraftQuestion, formOf, QuestionsField } from './questions-field'

const CURRENCIES = ['USD', 'EUR', 'GBP', 'JPY']
const KINDS = ['creator', 'studio', 'craft', 'services'] as const

export function Storefront() {
  const { api, client, me, staff } = useSession()
  const { w, fill } = useWords()
  const [kind, setKind] = useState<string>('creator')
  const [title, setTitle] = useState(w.demo.defaults.listing)
  const [price, setPrice] = useState('150')
  const [currency, setCurrency] = useState('USD')
  const [days, setDays] = useState('7')
  const [revisions, setRevisions] = useState('2')
  const [paid, setPaid] = useState(true)
  const [fast, setFast] = useState(false)
  const [questions, setQuestions] = useState<readonly DraftQuestion[]>([
    { label: w.demo.defaults.question, kind: 'text', options: '' },
    { label: w.demo.defaults.question2, kind: 'long_text', options: '' },
  ])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const amount = minorOf(price, currency)
  const place = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { order } = await api.placeDemoOrder({
        policy: fast
          ? { preset: kind, review_window_s: 600, cx_response_s: 300, review_reminders_s: [] }
          : kind,
        listing: { id: `demo-${kind}`, title: title.trim() },
        price: { amount: amount ?? 0, currency },
        delivery_days: Number(days),
        revisions: Number(revisions),
        payment: paid ? 'paid' : 'unpaid',
        requirements: formOf(questions),
      })
      if (staff) say(w.demo.placed)
      else go(`/orders/${order}`)
    } catch (error) {
      setProblem(problemText(error, w))
    }
    setBusy(false)
  }
  // Whoever is the seller here asks the buyer.
  const other = me.user === 'seller' ? 'buyer' : 'seller'
  const ask = async () => {
    setProblem(undefined)
    try {
      go(`/orders/${await client.openConversation(other, me.user === 'seller' ? 'seller' : 'buyer')}`)
    } catch (error) {
      say(problemText(error, w))
    }
  }
  const whole = (text: string) => (/^\d+$/.test(text) ? undefined : w.dialog.notANumber)
  const ready = title.trim() !== '' && amount !== undefined && !whole(days) && !whole(revisions)
  return (
    <section className="flex flex-col gap-5 rounded-lg border border-line bg-surface p-5">
      <div>
        <h2 className="text-base font-semibold">{w.demo.shop}</h2>
        <p className="text-sm text-ink-2">{w.demo.shopHint}</p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={w.demo.listing}
          value={title}
          onChange={setTitle}
          problem={title.trim() ? undefined : w.dialog.required}
        />
        <Choose
          label={w.demo.kind}
          value={kind}
          onChange={setKind}
          options={KINDS.map(one => ({ value: one, label: w.demo.kinds[one] ?? one }))}
        />
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label={w.demo.price}
            value={price}
            onChange={setPrice}
            inputMode="decimal"
            problem={amount === undefined ? w.dialog.notAnAmount : undefined}
          />
          <Choose
            label={w.demo.currency}
            value={currency}
            onChange={setCurrency}
            options={CURRENCIES.map(one => ({ value: one, label: one }))}
          />
        </div>
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label={w.demo.days}
            value={days}
            onChange={setDays}
            inputMode="numeric"
            problem={whole(days)}
          />
          <TextField
            label={w.demo.revisions}
            value={revisions}
            onChange={setRevisions}
            inputMode="numeric"
            problem={whole(revisions)}
          />
        </div>
      </div>
      <QuestionsField questions={questions} onChange={setQuestions} />
      <div className="flex flex-col gap-2">
        <Tick label={w.demo.paid} checked={paid} onChange={setPaid} />
        <Tick label={w.demo.fast} checked={fast} onChange={setFast} />
      </div>
      {problem && (
        <p role="alert" className="text-sm text-danger">
          {fill(w.demo.failed, { problem })}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          look="accent"
          icon={ShoppingBag}
          isDisabled={!ready}
          isPending={busy}
          onPress={() => void place()}
        >
          {busy ? w.demo.placing : w.demo.place}
        </Button>
        {!staff && (
          <>
            <Button icon={MessageCircleQuestion} onPress={() => void ask()}>
              {fill(w.demo.ask, { name: w.roles[other] ?? other })}
            </Button>
            <span className="text-xs text-ink-2">{w.demo.askHint}</span>
          </>
        )}
      </div>
    </section>
  )
}
