// How a case leaves an agent: handed over, decided, given back (S30–S36).

import { expect, test } from 'vitest'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'

/** A dispute that the agent has joined, open on their screen and on the buyer's. */
async function joined(): Promise<{ agent: Person; buyer: Person; order: string; title: string }> {
  const title = `Film ${crypto.randomUUID().slice(0, 8)}`
  const order = await market.place(title)
  await market.live(order, [
    ['seller', { type: 'accept_order' }],
    ['buyer', { type: 'open_dispute', reason: 'It is not what we agreed', cx_join: true }],
    ['agent', { type: 'claim_case' }],
    ['agent', { type: 'join_case' }],
  ])
  const [agent, buyer] = [await stage.person('Agent', 1), await stage.person('Buyer', 0)]
  await agent.openCase(title)
  await agent.composer.waitFor()
  await buyer.page.goto(`${buyer.url}/orders/${order}`)
  await buyer.reads('Agent from customer experience joined')
  return { agent, buyer, order, title }
}

async function leave(...people: Person[]): Promise<void> {
  expect(people.flatMap(({ complaints }) => complaints)).toEqual([])
  for (const { page } of people) await page.context().close()
}

test('a case is handed over: the other agent has it, joins, and is read', async () => {
  const name = `Robin ${crypto.randomUUID().slice(0, 8)}`
  const other = await stage.sent(`agent-${crypto.randomUUID().slice(0, 8)}`, { role: 'agent', name })
  const { agent, buyer, title } = await joined()
  await other.page.goto(`${other.url}/desk`)
  await other.page.getByRole('link', { name: title }).first().waitFor()

  await agent.chooses('Hand the case over')
  await agent.dialog.getByLabel('The other agent').selectOption({ label: name })
  await agent.submits('Hand over')
  await buyer.reads('The case goes to another agent')

  await other.openCase(title)
  await other.chooses('Join the chat')
  await other.submits('Join chat')
  await other.say('I go on from here.')
  await buyer.reads(`${name} from customer experience joined`)
  await buyer.reads('I go on from here.')
  await leave(agent, buyer, other)
})

test('a case is decided: both read the reason, and the order goes on', async () => {
  const { agent, buyer, order } = await joined()
  await agent.chooses('Decide the case')
  await agent.dialog.getByRole('radio', { name: 'One more revision' }).check()
  await agent.dialog.getByLabel('Reason').fill('The last picture was too dark')
  await agent.submits('Decide')
  // Whose access ended is told so, before the queue's next turn, and how.
  await agent.page.getByText('This case is settled').waitFor()
  await agent.page.getByText(/decided: .*revision/).waitFor()
  await buyer.reads('The last picture was too dark')
  await buyer.statusSays('3 of 3 left')
  const { case: open } = await market.ask<{ case?: unknown }>('seller', 'GET', `/v1/orders/${order}`)
  expect(open ?? null).toBeNull()
  await leave(agent, buyer)
})

test('a case that the agent leaves is in the queue again, and both are told', async () => {
  const { agent, buyer, title } = await joined()
  await agent.chooses('Leave the case')
  await agent.submits('Leave')
  await buyer.reads('Agent from customer experience left')
  await agent.openCase(title)
  await agent.button('Claim case').waitFor()
  await leave(agent, buyer)
})
