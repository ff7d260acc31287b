// WCAG 2.2 AA by axe on every screen: both themes, both directions, desktop, phone and 400 %. Nothing stands beyond the
// edge, and on a phone nothing is too small for a finger.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults, type Look, looks, small, wear } from '../src/looks'
import { Marketplace } from '../src/marketplace'
import { type Account, nodes, Stage } from '../src/stage'

let stage: Stage
let orders: Record<'fresh' | 'working' | 'delivered' | 'disputed' | 'done', string>

beforeAll(async () => {
  stage = await Stage.open()
  const market = await Marketplace.open()
  const requirements = [{ id: 'brand', label: 'Which brand?', kind: 'text', required: true }]
  const accept = ['seller', { type: 'accept_order' }] as const
  const deliver = ['seller', { type: 'deliver_external', where: 'On a disk, by post' }] as const
  const begun = async (title: string, more = {}) =>
    market.place(`${title} ${crypto.randomUUID().slice(0, 6)}`, more)
  orders = {
    fresh: await begun('Donaudampfschifffahrtsgesellschaftskapitän', { requirements }),
    working: await begun('Product film, 30 seconds'),
    delivered: await begun('Logo'),
    disputed: await begun('Website'),
    done: await begun('Poster'),
  }
  await market.live(orders.working, [
    accept,
    ['buyer', { type: 'post_message', text: 'Hello! When do you begin? https://example.org/brief' }],
    ['seller', { type: 'post_message', text: 'Tomorrow.', reply_to: 5 }],
    ['seller', { type: 'propose_update', revisions: 3 }],
  ])
  await market.live(orders.delivered, [accept, deliver])
  await market.live(orders.disputed, [
    accept,
    ['buyer', { type: 'open_dispute', reason: 'It is not what we agreed.', cx_join: true }],
    ['agent', { type: 'claim_case' }],
    ['agent', { type: 'join_case' }],
    ['agent', { type: 'propose_resolution', option: { kind: 'extra_revision' } }],
  ])
  await market.live(orders.done, [accept, deliver, ['buyer', { type: 'accept_delivery', delivery: 1 }]])
})
afterAll(() => stage?.close())

interface Screen {
  readonly path: () => string
  /** It is there when this is. */
  readonly shows: string
}

const room = (order: keyof typeof orders): Screen => ({
  path: () => `/orders/${orders[order]}`,
  shows: 'textarea',
})
const screens: Readonly<Record<Account | 'nobody', readonly Screen[]>> = {
  nobody: [{ path: () => '/demo', shows: 'button' }],
  Buyer: [
    { path: () => '/', shows: 'h1' },
    { path: () => '/demo', shows: 'input' },
    { path: () => '/gallery', shows: 'h2' },
    { path: () => '/orders', shows: '[data-conversation]' },
    room('fresh'),
    room('delivered'),
    room('done'),
    { path: () => `/orders/${orders.done}/print`, shows: 'article h2' },
  ],
  Seller: [{ path: () => '/', shows: 'h1' }, room('working')],
  Agent: [
    { path: () => '/', shows: 'h1' },
    { path: () => '/desk', shows: 'h1, h2' },
    { path: () => `/desk/${orders.disputed}`, shows: 'textarea' },
  ],
  Admin: [{ path: () => '/', shows: 'h1' }],
}

const isPhone = ({ options }: Look) => options.hasTouch === true

async function look(page: Page, screen: Screen, at: string): Promise<string[]> {
  await page.goto(at + screen.path())
  await page.locator(screen.shows).locator('visible=true').first().waitFor()
  // Skeletons are gone and fonts are there.
  await page.waitForFunction(
    () => !document.querySelector('[aria-busy=true]') && document.fonts.status === 'loaded',
  )
  return faults(page)
}

describe.each(looks)('$name', way => {
  test.each(Object.keys(screens) as (keyof typeof screens)[])('as %s', async who => {
    const page =
      who === 'nobody'
        ? await stage.visitor(way.options)
        : (await stage.person(who, 0, way.options, page => wear(page, way))).page
    if (who === 'nobody') await wear(page, way)
    const found: Record<string, string[]> = {}
    for (const screen of screens[who]) {
      const wrong = await look(page, screen, nodes()[0])
      if (isPhone(way)) wrong.push(...(await small(page)).map(one => `small: ${one}`))
      if (wrong.length > 0) found[screen.path()] = wrong
    }
    await page.context().close()
    expect(found).toEqual({})
  })
})

describe.each(['light', 'dark'] as const)('dialogs, %s', theme => {
  const way: Look = { ...(looks[0] as Look), theme }

  test.each([
    ['Buyer', 'delivered'],
    ['Seller', 'working'],
    ['Agent', 'disputed'],
  ] as const)('of %s', async (who, order) => {
    const person = await stage.person(who, 0, way.options, page => wear(page, way))
    const { page } = person
    const path = who === 'Agent' ? 'desk' : 'orders'
    await page.goto(`${nodes()[0]}/${path}/${orders[order]}`)
    await person.button('Order actions').click()
    const items = page.getByRole('menuitem')
    await items.first().waitFor()
    const found: Record<string, string[]> = {}
    const check = async (name: string) => {
      const wrong = await faults(page)
      if (wrong.length > 0) found[name] = wrong
    }
    await check('the menu')
    const names = await items.evaluateAll(all =>
      all
        .filter(one => one.getAttribute('aria-disabled') !== 'true')
        .map(one => one.getAttribute('aria-label') ?? ''),
    )
    expect(names.length).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    for (const [at, name] of names.entries()) {
      await person.button('Order actions').click()
      await items.and(page.locator(':not([aria-disabled=true])')).nth(at).click()
      await person.dialog.waitFor()
      await check(name || `dialog ${at}`)
      await page.keyboard.press('Escape')
      await person.dialog.waitFor({ state: 'detached' })
    }
    await page.keyboard.press('Control+k')
    await person.dialog.waitFor()
    await check('the palette')
    await page.keyboard.press('Escape')
    await person.dialog.waitFor({ state: 'detached' })
    await page.locator('body').press('?')
    await person.dialog.waitFor()
    await check('the shortcuts')
    await page.context().close()
    expect(found).toEqual({})
  })
})
