// What becomes of a message: its receipts, taken back, refused (S27, S57, L51, G2).

import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { Cable } from '../src/cable'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'

async function accepted(): Promise<string> {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`)
  await market.live(order, [['seller', { type: 'accept_order' }]])
  return order
}

const messageOf = ({ timeline }: Person, text: string): Locator =>
  timeline.getByRole('article').filter({ hasText: text })

test('a message waits, is stored, is seen', async () => {
  const order = await accepted()
  const buyer = await stage.person('Buyer')
  const cable = await Cable.of(buyer.page)
  await buyer.page.goto(`${buyer.url}/orders/${order}`)
  await buyer.reads(/accepted the order/)
  await cable.cut()
  await buyer.page.getByText('The connection is lost').waitFor()
  await buyer.say('are you there?')
  const message = messageOf(buyer, 'are you there?')
  await message.getByText('Waiting to be sent').waitFor()
  cable.mend()
  await message.getByText('Stored', { exact: true }).waitFor({ state: 'attached' })
  expect(await message.getByText('Seen', { exact: true }).count()).toBe(0)

  const seller = await stage.person('Seller', 1)
  await seller.page.goto(`${seller.url}/orders/${order}`)
  await seller.reads('are you there?')
  await message.getByText('Seen', { exact: true }).waitFor({ state: 'attached' })
  expect(await message.count()).toBe(1)
  expect([...buyer.complaints, ...seller.complaints]).toEqual([])
  await buyer.page.context().close()
  await seller.page.context().close()
})

test('a message that is taken back is gone from every screen, after a reload too', async () => {
  const order = await accepted()
  const [buyer, seller] = [await stage.person('Buyer', 0), await stage.person('Seller', 1)]
  for (const { page, url } of [buyer, seller]) await page.goto(`${url}/orders/${order}`)
  await buyer.reads(/accepted the order/)
  await buyer.say('not what I meant')
  await seller.reads('not what I meant')
  const message = messageOf(buyer, 'not what I meant')
  await message.hover()
  await message.getByRole('button', { name: 'More for this message' }).click()
  await buyer.page.getByRole('menuitem', { name: 'Take back' }).click()
  await buyer.submits('Take back')
  for (const person of [buyer, seller]) {
    await person.reads('This message was taken back')
    expect(await person.timeline.getByText('not what I meant').count()).toBe(0)
    await person.page.reload()
    await person.reads('This message was taken back')
    expect(await person.timeline.getByText('not what I meant').count()).toBe(0)
    expect(person.complaints).toEqual([])
    await person.page.context().close()
  }
})

test('a refused message keeps its text: to copy, to send again, to delete', async () => {
  const title = `Film ${crypto.randomUUID().slice(0, 8)}`
  const order = await market.place(title)
  await market.live(order, [
    ['seller', { type: 'accept_order' }],
    ['buyer', { type: 'open_dispute', reason: 'It is not what we agreed', cx_join: true }],
    ['agent', { type: 'claim_case' }],
    ['agent', { type: 'join_case' }],
  ])
  const agent = await stage.person('Agent')
  const { page } = agent
  const cable = await Cable.of(page)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await agent.openCase(title)
  await agent.composer.waitFor()
  await cable.cut()
  await page.getByText('The connection is lost').waitFor()
  await agent.say('what do you both say?')
  await agent.say('and another word')
  // Read along, and joined no more.
  await market.live(order, [
    ['agent', { type: 'leave_case' }],
    ['agent', { type: 'claim_case' }],
  ])
  cable.mend()
  const refused = messageOf(agent, 'what do you both say?')
  const other = messageOf(agent, 'and another word')
  await refused.getByRole('alert').getByText('Not sent').waitFor()
  await other.getByRole('alert').getByText('Not sent').waitFor()

  await refused.getByRole('button', { name: 'Copy text' }).click()
  await page.getByText('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('what do you both say?')
  await other.getByRole('button', { name: 'Delete' }).click()
  await other.waitFor({ state: 'detached' })
  // It is there after a reload too, and is sent when it may be.
  await page.reload()
  await refused.getByRole('alert').getByText('Not sent').waitFor()
  await market.live(order, [['agent', { type: 'join_case' }]])
  await refused.getByRole('button', { name: 'Send again' }).click()
  await refused.getByText('Stored', { exact: true }).waitFor({ state: 'attached' })
  expect(await refused.count()).toBe(1)
  expect(await other.count()).toBe(0)
  expect(agent.complaints).toEqual([])
  await page.context().close()
})
