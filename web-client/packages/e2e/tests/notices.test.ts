// What is told to somebody who looks elsewhere: notifications (D14), and what the browser's tab is called.

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { market, stage } from '../src/opened'

/** A page that is not seen, and whose notifications are noted: Chromium without a screen shows none. */
async function unseen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem('order-chat.notices', 'on')
    const told: string[] = []
    class Noted {
      static permission = 'granted'
      onclick = null
      constructor(title: string) {
        told.push(title)
      }
      close() {}
    }
    Object.assign(window, { told, Notification: Noted })
    Object.defineProperty(document, 'hidden', { get: () => true })
  })
  await page.reload()
}
const told = (page: Page) =>
  page.evaluate(() => {
    document.dispatchEvent(new Event('visibilitychange'))
    return (window as unknown as { told: string[] }).told
  })

test('what is seen in one tab is not told by another of the same person', async () => {
  const title = `Seen ${crypto.randomUUID().slice(0, 8)}`
  const order = await market.place(title)
  const post = (text: string) => market.live(order, [['seller', { type: 'post_message', text }]])
  const buyer = await stage.person('Buyer')
  const other = await stage.anotherTab(buyer)
  await other.page.goto(`${other.url}/orders/${order}`)
  await other.composer.waitFor()
  await buyer.page.goto(`${buyer.url}/orders`)
  await unseen(buyer.page)
  await buyer.page.getByRole('link', { name: title }).waitFor()
  await post('you see this')
  await other.reads('you see this')
  await buyer.page.getByRole('link', { name: title }).getByText('you see this').waitFor()
  expect(await told(buyer.page)).toEqual([])
  await other.page.goto(`${other.url}/demo`)
  await post('you do not see this')
  await expect.poll(() => told(buyer.page), { timeout: 40_000 }).toEqual([`${title} · Seller`])
  await buyer.page.context().close()
})

test('staff who look elsewhere are told of a new case', async () => {
  const agent = await stage.person('Agent')
  await unseen(agent.page)
  const title = `Case ${crypto.randomUUID().slice(0, 8)}`
  const order = await market.place(title)
  await market.live(order, [['seller', { type: 'accept_order' }]])
  // What waited before is no news.
  const asked = agent.page.waitForResponse(/\/v1\/desk\/queue/)
  expect(await told(agent.page)).toEqual([])
  await (await asked).finished()
  await market.live(order, [['buyer', { type: 'open_dispute', reason: 'It is late', cx_join: true }]])
  await expect.poll(() => told(agent.page), { timeout: 40_000 }).toContain(title)
  await agent.page.context().close()
})

test('each page has its title, and who signs out leaves none', async () => {
  const title = `Titled ${crypto.randomUUID().slice(0, 8)}`
  const order = await market.place(title)
  await market.live(order, [['seller', { type: 'post_message', text: 'unread' }]])
  const { page, url } = await stage.person('Buyer')
  const called = () => page.title()
  for (const [place, name] of [
    ['/', /^\(\d+\) Home · Orders$/],
    ['/orders', /^\(\d+\) Conversations · Orders$/],
    ['/demo', /^\(\d+\) Shop · Orders$/],
    [`/orders/${order}`, new RegExp(`${title} · Orders$`)],
  ] as const) {
    await page.goto(url + place)
    await expect.poll(called, { timeout: 40_000 }).toMatch(name)
  }
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect.poll(called).toBe('Orders')
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/icon.svg')
  await page.context().close()
})
