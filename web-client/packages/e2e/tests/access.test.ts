// WCAG 2.2 AA by axe on every screen: both themes, both directions, desktop, phone and 400 %. Nothing stands beyond the
// edge, and on a phone nothing is too small for a finger.

import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults, LONG_NAME, type Look, looks, small, wear, worn } from '../src/looks'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'
import { type Account, nodes, withoutDemo } from '../src/stage'
import { hostToken } from '../src/token'

let orders: Record<'fresh' | 'working' | 'delivered' | 'disputed' | 'unclaimed' | 'done', string>

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const attach = (page: Page, files: Parameters<Page['setInputFiles']>[1]) =>
  page.locator('main section input[type=file][multiple]').setInputFiles(files)

beforeAll(async () => {
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
    unclaimed: await begun('Leaflet'),
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
  await market.live(orders.unclaimed, [
    accept,
    ['buyer', { type: 'open_dispute', reason: 'It is late.', cx_join: true }],
  ])
  const buyer = await stage.person('Buyer')
  await buyer.page.goto(`${buyer.url}/orders/${orders.working}`)
  await attach(buyer.page, { name: 'one.png', mimeType: 'image/png', buffer: png })
  await buyer.button('Remove one.png').waitFor()
  await buyer.button('Send').click()
  await buyer.timeline.locator('button:has(img)').waitFor()
  await buyer.page.context().close()
  await market.live(orders.done, [accept, deliver, ['buyer', { type: 'accept_delivery', delivery: 1 }]])
})

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
    { path: () => `/desk/${orders.unclaimed}`, shows: 'main h1' },
  ],
  Admin: [{ path: () => '/', shows: 'h1' }],
}

const isPhone = ({ options }: Look) => options.hasTouch === true

async function look(page: Page, screen: Screen, at: string, way: Look): Promise<string[]> {
  await page.goto(at + screen.path())
  await page.locator(screen.shows).locator('visible=true').first().waitFor()
  await page.locator(`html[lang=${way.language}]`).waitFor()
  // Skeletons are gone and fonts are there.
  await page.waitForFunction(
    () => !document.querySelector('[aria-busy=true]') && document.fonts.status === 'loaded',
  )
  return [...(await worn(page, way)), ...(await faults(page)), ...(await tooSmall(page, way))]
}

async function tooSmall(page: Page, way: Look): Promise<string[]> {
  return isPhone(way) ? (await small(page)).map(one => `small: ${one}`) : []
}

describe.each(looks)('$name', way => {
  let context: BrowserContext
  let people: Record<Account, Person>
  beforeAll(async () => {
    const arrived = await stage.people(['Buyer', 'Seller', 'Agent', 'Admin'], way.options)
    ;({ context, people } = arrived)
    // The way in speaks English, which is how a person finds their account in it.
    for (const { page } of Object.values(people)) await wear(page, way)
  })
  afterAll(() => context?.close())

  test.each(Object.keys(screens) as (keyof typeof screens)[])('as %s', async who => {
    const page = who === 'nobody' ? await context.newPage() : people[who].page
    if (who === 'nobody') await wear(page, way)
    // A tab behind another one draws nothing.
    await page.bringToFront()
    const found: Record<string, string[]> = {}
    for (const screen of screens[who]) {
      const wrong = await look(page, screen, nodes()[0], way)
      if (wrong.length > 0) found[screen.path()] = wrong
    }
    expect(found).toEqual({})
  })

  test('what comes in passing', async () => {
    const { page, dialog } = people.Buyer
    await page.bringToFront()
    await page.goto(`${nodes()[0]}/orders/${orders.working}`)
    await page.locator(`html[lang=${way.language}]`).waitFor()
    const found: Record<string, string[]> = {}
    const check = async (name: string) => {
      const wrong = [...(await worn(page, way)), ...(await faults(page)), ...(await tooSmall(page, way))]
      if (wrong.length > 0) found[name] = wrong
    }
    await page.locator('[role=log] button:has(img)').last().click()
    await dialog.locator('img').waitFor()
    await check('the lightbox')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    const text = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    await attach(page, [text('nothing.txt', ''), text('page.html', '<p>no</p>'), text('notes.txt', 'kept')])
    const list = page.locator('main section').last().getByRole('listitem')
    await list.filter({ hasText: 'page.html' }).getByRole('alert').waitFor()
    await list.filter({ hasText: 'notes.txt' }).getByRole('button').first().waitFor()
    await check('files, one refused')

    await page.context().setOffline(true)
    await page.locator('#main > [role=status]').waitFor()
    await check('the word about the connection')
    await page.context().setOffline(false)
    await page.locator('#main > [role=status]').waitFor({ state: 'detached' })
    // The next look begins without them.
    const files = list.filter({ has: page.getByRole('button') })
    for (let left = await files.count(); left > 0; left -= 1) {
      await files.first().getByRole('button').last().click()
      await expect.poll(() => files.count(), { timeout: 40_000 }).toBe(left - 1)
    }
    expect(found).toEqual({})
  })

  test('where nobody is signed in and there is no demo', async () => {
    const page = await context.newPage()
    await wear(page, way)
    await withoutDemo(page)
    await page.bringToFront()
    expect(await look(page, { path: () => '/orders', shows: 'main p' }, nodes()[0], way)).toEqual([])
    await page.close()
  })

  test('where somebody is asked who goes on', async () => {
    const page = await context.newPage()
    await wear(page, way)
    await page.bringToFront()
    for (const user of ['u-one', 'u-two'])
      await page.goto(`${nodes()[0]}/orders#token=${hostToken(user, 3600, { name: LONG_NAME })}`)
    await page.getByRole('dialog').getByRole('heading').waitFor()
    await page.locator(`html[lang=${way.language}]`).waitFor()
    expect([...(await worn(page, way)), ...(await faults(page)), ...(await tooSmall(page, way))]).toEqual([])
    await page.close()
  })

  if (!way.thorough) return
  test.each([
    ['Buyer', 'delivered'],
    ['Seller', 'working'],
    ['Agent', 'disputed'],
  ] as const)('dialogs of %s', async (who, order) => {
    const { page, dialog } = people[who]
    await page.bringToFront()
    const path = who === 'Agent' ? 'desk' : 'orders'
    await page.goto(`${nodes()[0]}/${path}/${orders[order]}`)
    await page.locator(`html[lang=${way.language}]`).waitFor()
    const actions = page.locator('section [aria-haspopup=dialog]')
    const items = page.getByRole('menuitem')
    const found: Record<string, string[]> = {}
    const check = async (name: string) => {
      const wrong = [...(await worn(page, way)), ...(await faults(page)), ...(await tooSmall(page, way))]
      if (wrong.length > 0) found[name] = wrong
    }
    const shut = async (back?: Locator) => {
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      if (!back) return
      // The focus is back where it came from.
      const wanted = await back.getAttribute('aria-label')
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')), {
          timeout: 40_000,
        })
        .toBe(wanted)
    }
    await actions.click()
    await items.first().waitFor()
    await check('the menu')
    const allowed = await items.and(page.locator(':not([aria-disabled=true])')).count()
    expect(allowed).toBeGreaterThan(0)
    await shut(actions)
    for (let at = 0; at < allowed; at += 1) {
      await actions.click()
      const item = items.and(page.locator(':not([aria-disabled=true])')).nth(at)
      const name = (await item.textContent()) ?? ''
      await item.click()
      await dialog.getByRole('heading').first().waitFor()
      await check(name)
      // The focus goes back to where it came from.
      await shut(actions)
    }
    await page.keyboard.press('Control+k')
    await dialog.waitFor()
    await check('the palette')
    await shut()
    await page.locator('body').press('?')
    await dialog.waitFor()
    await check('the shortcuts')
    await shut()
    if (isPhone(way)) {
      const status = page.locator('header [aria-pressed]')
      await status.click()
      await dialog.locator('ol').first().waitFor()
      await check('the status')
      await shut(status)
    }
    expect(found).toEqual({})
  })
})

test('in forced colours what is told by a tint is told by a line', async () => {
  const { page } = await stage.person('Buyer', 0, { forcedColors: 'active' })
  await page.goto(`${nodes()[0]}/orders/${orders.working}`)
  await page.locator('.bubble').first().waitFor()
  const lines = await page.evaluate(() =>
    ['.bubble', '.card', '.badge'].map(name => {
      const all = [...document.querySelectorAll(name)].filter(one => one.checkVisibility())
      const lined = all.filter(one => getComputedStyle(one).borderTopStyle === 'solid')
      return `${name}: ${all.length > 0 && lined.length === all.length}`
    }),
  )
  expect(lines).toEqual(['.bubble: true', '.card: true', '.badge: true'])
  await page.keyboard.press('c')
  await page.keyboard.press('Shift+Tab')
  const ring = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body)
    return `${outlineStyle} ${outlineWidth}`
  })
  expect(ring).toBe('solid 2px')
  expect(await faults(page)).toEqual([])
  await page.context().close()
})

test('with reduced motion nothing moves', async () => {
  const person = await stage.person('Buyer')
  const { page, dialog } = person
  await page.goto(`${nodes()[0]}/orders/${orders.delivered}`)
  await person.button('Order actions').click()
  await page.getByRole('menuitem').first().click()
  await dialog.getByRole('heading').first().waitFor()
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter(one => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(one)
        const lasts = (times: string) => times.split(', ').some(time => Number.parseFloat(time) > 0)
        return (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration)
      })
      .map(one => one.outerHTML.slice(0, 80)),
  )
  expect(moving).toEqual([])
  await page.context().close()
})
