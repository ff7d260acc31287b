// How people come in: sent by their marketplace with a token, or from a shop with a question.

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { market, stage } from '../src/opened'
import { nodes, withoutDemo } from '../src/stage'
import { hostToken } from '../src/token'

async function noDemo(): Promise<Page> {
  const page = await stage.visitor()
  await withoutDemo(page)
  return page
}

test('the marketplace sends its people with a token; it is nowhere to be seen afterwards', async () => {
  const title = `Film ${crypto.randomUUID().slice(0, 8)}`
  const order = await market.place(title)
  const page = await noDemo()
  await page.goto(`${nodes()[1]}/orders/${order}`)
  await page.getByText('You are not signed in').waitFor()
  expect(new URL(page.url()).pathname).toBe(`/orders/${order}`)

  await page.goto(`${nodes()[1]}/orders/${order}#token=${market.tokenOf('buyer')}`)
  await page.getByRole('heading', { name: title }).first().waitFor()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  expect(page.url()).toBe(`${nodes()[1]}/orders/${order}`)
  await page.reload()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('eyJ')
  await page.context().close()
})

test('a service that is no demo offers none, and says how people are sent here', async () => {
  const page = await noDemo()
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).pathname))
  const failed: string[] = []
  page.on('console', message => message.type() === 'error' && failed.push(message.text()))
  await page.goto(`${nodes()[0]}/demo`)
  await page.getByText('#token=').waitFor()
  // Somebody without an order: their empty list offers no shop either.
  const user = `u-${crypto.randomUUID().slice(0, 8)}`
  await page.goto(`${nodes()[0]}/#token=${hostToken(user, 3600)}`)
  await page.getByText('No conversations yet').waitFor()
  expect(await page.locator('[href="/demo"]').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Place an order' }).count()).toBe(0)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('Shop')
  await page.getByText('Nothing found').waitFor()
  await page.keyboard.press('Escape')
  await page.goto(`${nodes()[0]}/demo`)
  await page.getByText('There is nothing at this address').waitFor()
  expect(asked.filter(path => path.startsWith('/demo/'))).toEqual([])
  expect(failed).toEqual([])
  await page.context().close()
})

test('who is signed in is asked before a link makes somebody else of them', async () => {
  const page = await noDemo()
  const dialog = page.getByRole('dialog')
  const [first, second] = [`u-${crypto.randomUUID().slice(0, 8)}`, `u-${crypto.randomUUID().slice(0, 8)}`]
  const open = (user: string, name: string) =>
    page.goto(`${nodes()[0]}/orders#token=${hostToken(user, 3600, { name })}`)
  const answer = async (name: string) => {
    await open(second, 'Otto')
    await dialog.getByRole('heading', { name: 'Continue as Otto?' }).waitFor()
    await dialog.getByText(`Otto (${second})`).waitFor()
    await dialog.getByRole('button', { name, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(page.url()).toBe(`${nodes()[0]}/orders`)
  }
  await open(first, 'Una')
  await page.getByTitle('Una').waitFor()
  await open(first, 'Una')
  await answer('Stay')
  await page.reload()
  await page.getByTitle('Una').waitFor()
  expect(await dialog.count()).toBe(0)
  await answer('Continue')
  await page.getByTitle('Otto').waitFor()
  await page.reload()
  await page.getByTitle('Otto').waitFor()
  await page.context().close()
})

test('who signs out of a service that is no demo is told the way back in', async () => {
  const page = await noDemo()
  await page.goto(`${nodes()[0]}/orders#token=${market.tokenOf('seller')}`)
  await page.getByRole('navigation').first().waitFor()
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByText('Open your orders from your marketplace').waitFor()
  await page.context().close()
})

test('a question to the seller opens a conversation, the same one each time', async () => {
  const buyer = await stage.person('Buyer')
  const seller = await stage.person('Seller', 1)
  const ask = async () => {
    await buyer.page.goto(`${buyer.url}/demo`)
    await buyer.button('Ask Seller').click()
    await buyer.page.waitForURL(/\/orders\//)
    return new URL(buyer.page.url()).pathname
  }
  const place = await ask()
  const question = `Do you also draw? ${crypto.randomUUID().slice(0, 8)}`
  await buyer.say(question)
  await buyer.reads(question)
  await seller.page.goto(`${seller.url}${place}`)
  await seller.reads(question)
  await seller.say('Yes.')
  await buyer.reads('Yes.')
  expect(await ask()).toBe(place)
  expect([...buyer.complaints, ...seller.complaints]).toEqual([])
  await buyer.page.context().close()
  await seller.page.context().close()
})
