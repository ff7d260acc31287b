// What stands on the screen stays where it is; long lists are few rows; paper tells no time from now.

import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { market, stage } from '../src/opened'
import { nodes } from '../src/stage'

let order: string
beforeAll(async () => {
  order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`)
  await market.live(order, [
    ['seller', { type: 'accept_order' }],
    ...Array.from({ length: 30 }, (_, n) => ['seller', { type: 'post_message', text: `text ${n}` }] as const),
  ])
})

/** Counts what moves, as browsers do (Cumulative Layout Shift), from the first picture on. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const moved: { value: number; what: string }[] = []
    Object.assign(window, { moved })
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & {
          value: number
          hadRecentInput: boolean
          sources: { node: Element | null }[]
        }
        if (shift.hadRecentInput) continue
        const what = shift.sources.map(({ node }) => node?.textContent?.slice(0, 30) ?? '').join(' | ')
        moved.push({ value: shift.value, what })
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

const moved = (page: Page) =>
  page.evaluate(() => (window as unknown as { moved: { value: number; what: string }[] }).moved)
const sum = (all: readonly { value: number }[]) => all.reduce((sum, { value }) => sum + value, 0)

const views = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
}
test.each(Object.entries(views))(
  '%s: an order that is opened, and entries that come, move nothing',
  async (_, options) => {
    const buyer = await stage.person('Buyer', 0, options, watch)
    const { page } = buyer
    await page.goto(`${nodes()[0]}/orders/${order}`)
    await buyer.reads('text 29')
    await page.waitForFunction(
      () => !document.querySelector('[aria-busy=true]') && document.fonts.status === 'loaded',
    )
    const loading = await moved(page)
    expect(sum(loading), JSON.stringify(loading)).toBeLessThan(0.1)
    const mark = crypto.randomUUID().slice(0, 8)
    for (let n = 0; n < 10; n += 1)
      await market.live(order, [['seller', { type: 'post_message', text: `${mark} ${n}` }]])
    await buyer.reads(`${mark} 9`)
    const coming = (await moved(page)).slice(loading.length)
    expect(sum(coming), JSON.stringify(coming)).toBeLessThan(0.1)
    await page.context().close()
  },
)

test('however many conversations there are, few lines are in the page', async () => {
  const ROOMS = 1000
  const mark = crypto.randomUUID().slice(0, 8)
  let next = 0
  const place = async () => {
    while (next < ROOMS) await market.place(`${mark} ${next++}`)
  }
  await Promise.all(Array.from({ length: 4 }, place))
  const seller = await stage.person('Seller')
  const { page } = seller
  await page.goto(`${nodes()[0]}/orders`)
  const lines = page.locator('[data-conversation]')
  await lines.first().waitFor()
  // A search looks further than the first page.
  await page.getByRole('searchbox').fill(`${mark} 700`)
  await page.getByRole('link', { name: `${mark} 700` }).waitFor()
  await page.reload()
  await lines.first().waitFor()
  const more = page.getByRole('button', { name: 'Show more' })
  const known = () => page.locator('nav [data-count]').getAttribute('data-count')
  // A page that does not come is told beside those that are there, and asked for again.
  const pages = /\/v1\/inbox\?.*cursor=/
  await page.route(pages, route => route.abort())
  await more.click()
  const missed = page.getByRole('alert').filter({ hasText: 'More conversations could not be read.' })
  await missed.waitFor()
  await page.unroute(pages)
  const first = await known()
  await missed.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(known, { timeout: 40_000 }).not.toBe(first)
  await missed.waitFor({ state: 'detached' })
  while (Number(await known()) < ROOMS) {
    const before = await known()
    await more.click()
    // A page that did not come is asked for again, as a person would.
    await expect
      .poll(known, { timeout: 40_000 })
      .not.toBe(before)
      .catch(() => undefined)
  }
  expect(await lines.count()).toBeLessThanOrEqual(60)
  // Keys go through it all the same.
  await page.keyboard.press('/')
  await page.keyboard.press('ArrowDown')
  const seen = new Set<string | null>()
  for (let n = 0; n < 400 && seen.size < 80; n += 1) {
    seen.add(await page.evaluate(() => document.activeElement?.getAttribute('href') ?? null))
    await page.keyboard.press('ArrowDown')
  }
  expect(seen.size).toBe(80)
  expect(await lines.count()).toBeLessThanOrEqual(60)
  await page.context().close()
})

test('a printed page tells every day by its date', async () => {
  const buyer = await stage.person('Buyer')
  const { page } = buyer
  await page.goto(`${nodes()[0]}/orders/${order}/print`)
  await page
    .getByText(/entries\.? /)
    .or(page.getByRole('button', { name: 'Print' }))
    .first()
    .waitFor()
  await page.getByText('This is where the order began').waitFor()
  // biome-ignore lint/performance/useDomNodeTextContent: words are apart as they are seen
  const text = await page.locator('article').first().innerText()
  expect(text.match(/\b(today|yesterday|tomorrow)\b.{0,12}|.{0,20}\d (d|h|min) left/gi) ?? []).toEqual([])
  expect(text).toMatch(/20\d\d/)
  await page.context().close()
})
