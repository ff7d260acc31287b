// The notes of a case: kept until they are saved, saved once, and read to the first (S31).

import type { Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'

/** A disputed order, claimed by the agent, and open on their screen. */
async function claimed(): Promise<{ agent: Person; order: string }> {
  const title = `Film ${crypto.randomUUID().slice(0, 8)}`
  const order = await market.place(title)
  await market.live(order, [
    ['seller', { type: 'accept_order' }],
    ['buyer', { type: 'open_dispute', reason: 'It is not what we agreed', cx_join: true }],
    ['agent', { type: 'claim_case' }],
  ])
  const agent = await stage.person('Agent')
  await agent.openCase(title)
  await agent.page.getByLabel('Add a note').waitFor()
  return { agent, order }
}

test('a note is kept over another page and a reload, and is one note however often it is tried', async () => {
  const { agent, order } = await claimed()
  const { page } = agent
  const field = page.getByLabel('Add a note')
  const keeps = () => expect.poll(() => field.inputValue()).toBe('Both sent me files')
  await field.fill('Both sent me files')
  const place = page.url()
  await page.getByRole('link', { name: 'Home' }).first().click()
  await field.waitFor({ state: 'detached' })
  await page.goBack()
  await page.waitForURL(place)
  await keeps()
  await page.reload()
  await keeps()

  // It is stored, and the answer is lost.
  const notes = (url: URL) => url.pathname.endsWith(`${order}/case/entries`)
  const loseAnswer = async (route: Route) => {
    if (route.request().method() !== 'POST') return route.continue()
    await route.fetch()
    await route.abort()
  }
  await page.route(notes, loseAnswer)
  await agent.button('Save note').click()
  await page.getByRole('complementary').getByRole('alert').waitFor()
  await page.unroute(notes)
  await page.reload()
  await keeps()
  await agent.button('Save note').click()
  await expect.poll(() => field.inputValue()).toBe('')
  const { entries } = await market.ask<{ entries: { event: { text?: string } }[] }>(
    'agent',
    'GET',
    `/v1/orders/${order}/case/entries`,
  )
  expect(entries.filter(({ event }) => event.text === 'Both sent me files')).toHaveLength(1)
  await page.getByRole('listitem').getByText('Both sent me files').waitFor()
  expect(agent.complaints).toEqual([])
  await page.context().close()
})

test('a case of many notes begins with the newest and goes back to the first', async () => {
  const { agent, order } = await claimed()
  const { page } = agent
  for (let n = 1; n <= 230; n += 1)
    await market.ask('agent', 'POST', `/v1/orders/${order}/case/entries`, {
      id: crypto.randomUUID(),
      text: `note number ${n}.`,
    })
  await page.reload()
  const note = (n: number) => page.getByRole('listitem').getByText(`note number ${n}.`)
  await note(230).waitFor()
  expect(await note(1).count()).toBe(0)
  const more = page.getByRole('complementary').getByRole('button', { name: 'Show more' })
  await more.click()
  await note(40).waitFor()
  await more.click()
  await note(1).waitFor()
  await more.waitFor({ state: 'detached' })
  await market.ask('agent', 'POST', `/v1/orders/${order}/case/entries`, {
    id: crypto.randomUUID(),
    text: 'and one that came later',
  })
  await page.getByRole('listitem').getByText('and one that came later').waitFor()
  expect(agent.complaints).toEqual([])
  await page.context().close()
})
