// The page is there without a connection: opened anew it says so, keeps what was written, and goes on by itself.

import { expect, test } from 'vitest'
import { market, stage } from '../src/opened'

test('a page that is opened anew without a connection is there, and goes on when it is back', async () => {
  const buyer = await stage.person('Buyer')
  const { page } = buyer
  const listing = `Film ${crypto.randomUUID().slice(0, 8)}`
  await buyer.order(listing)
  await buyer.composer.waitFor()
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  // What was loaded before the worker was there is loaded through it once.
  await page.reload()
  await buyer.composer.waitFor()
  await page.context().setOffline(true)
  const banner = page.getByText(/You are offline|The connection is lost/)
  await banner.waitFor()
  await buyer.say('said in the tunnel')
  await buyer.composer.fill('written before the tunnel')
  await page.reload()
  await banner.waitFor()
  // Not the grey shapes of something that comes.
  await page.getByRole('main').getByText('1 message or action of yours is kept here').waitFor()
  await page.getByRole('navigation').getByText('No connection').waitFor()
  await page.context().setOffline(false)
  await banner.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: listing }).first().waitFor()
  await expect.poll(() => buyer.composer.inputValue(), { timeout: 40_000 }).toBe('written before the tunnel')
  await buyer.reads('said in the tunnel')
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('what is done without a connection is not asked for again, and happens when it is back', async () => {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`)
  const seller = await stage.person('Seller')
  const { page, dialog, nextStep } = seller
  await page.goto(`${seller.url}/orders/${order}`)
  await nextStep.getByRole('button', { name: 'Accept the order' }).waitFor()
  // What is needed without a connection is loaded in a quiet moment.
  await page.waitForFunction(() =>
    ['command-dialog', 'actions-list'].every(part =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes(part)),
    ),
  )
  await page.context().setOffline(true)
  await page.getByText(/You are offline|The connection is lost/).waitFor()
  await seller.takesTheStep('Accept the order')
  await dialog.getByRole('button', { name: 'Accept order' }).click()
  await dialog.getByText('There is no connection').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await nextStep.getByText('Accept the order · Waiting to be sent').waitFor()
  expect(await nextStep.getByRole('button').count()).toBe(0)
  // Nothing that would contradict it is offered anywhere else.
  await seller.button('Order actions').click()
  await page.getByText('Something that you did here waits').first().waitFor()
  expect(await page.getByRole('menuitem', { name: /Accept|Decline/ }).count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.context().setOffline(false)
  await seller.isTold(/Deliver the work/)
  await page.context().close()
})

test('a case that is claimed without a connection is claimed once, when it is back', async () => {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`)
  await market.live(order, [['buyer', { type: 'open_dispute', reason: 'Nothing came', cx_join: true }]])
  const agent = await stage.person('Agent')
  const { page } = agent
  await page.goto(`${agent.url}/desk/${order}`)
  await agent.button('Claim case').waitFor()
  await page.context().setOffline(true)
  await page.getByText(/You are offline|The connection is lost/).waitFor()
  await agent.button('Claim case').click()
  await page.getByText('It is kept here and done as soon as the connection is back').waitFor()
  await agent.button('Claim case').press('Enter')
  await page.context().setOffline(false)
  await agent.button('Join chat').waitFor()
  await agent.reads('Nothing came')
  expect(await page.getByText('Not carried out').count()).toBe(0)
  await page.context().close()
})

test('the page can be installed', async () => {
  const page = await stage.visitor()
  await page.goto((process.env.ORDER_CHAT_TEST_URLS ?? '').split(',')[0] ?? '')
  const session = await page.context().newCDPSession(page)
  const { errors, url } = await session.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(url).toMatch(/manifest\.webmanifest$/)
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  // Chromium installs nothing from a profile that leaves no trace.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
  await page.context().close()
})
