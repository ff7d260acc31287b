// An order lived through without a mouse, and every key that the help sheet names.

import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { stage } from '../src/opened'
import type { Person } from '../src/person'
import { Person as Somebody } from '../src/person'
import { accepted } from '../src/scenes'
import { type Account, nodes } from '../src/stage'

/** Goes on from one thing to the next until this one has the focus, which must be seen. */
async function tabTo({ page }: Person, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  const has = () => wanted.evaluate(one => one === document.activeElement)
  for (let presses = 0; !(await has()); presses += 1) {
    if (presses > 80) throw new Error(`no key leads to ${wanted}`)
    await page.keyboard.press('Tab')
  }
  const ring = await wanted.evaluate(one => getComputedStyle(one).outlineStyle)
  expect(ring, `${wanted} has the focus, and it is not seen`).not.toBe('none')
}

async function press(person: Person, button: Locator): Promise<void> {
  await tabTo(person, button)
  await person.page.keyboard.press('Enter')
}

/** Where the focus is; never nowhere. */
const focused = ({ page }: Person) => page.evaluate(() => document.activeElement?.tagName ?? '')

async function enters(account: Account, node: 0 | 1): Promise<Person> {
  const person = new Somebody(account, nodes()[node], await stage.visitor())
  await person.page.goto(`${person.url}/demo`)
  await press(person, person.button(`Go on as ${account}`, false))
  await person.page.getByRole('navigation').first().waitFor()
  return person
}

async function submits(person: Person, name: string): Promise<void> {
  await press(person, person.dialog.getByRole('button', { name, exact: true }))
  await person.dialog.waitFor({ state: 'detached' })
  await expect.poll(() => focused(person)).not.toBe('BODY')
}

test('an order from purchase to completion', async () => {
  const [buyer, seller] = [await enters('Buyer', 0), await enters('Seller', 1)]
  const listing = `Film ${crypto.randomUUID().slice(0, 8)}`
  await buyer.page.goto(`${buyer.url}/demo`)
  await tabTo(buyer, buyer.page.getByLabel('Listing'))
  await buyer.page.keyboard.press('Control+a')
  await buyer.page.keyboard.type(listing)
  await press(buyer, buyer.button('Place order'))
  await buyer.page.waitForURL(/\/orders\//)

  await press(buyer, buyer.nextStep.getByRole('button', { name: 'Answer the questions' }))
  await buyer.dialog.getByRole('textbox').first().waitFor()
  for (const field of await buyer.dialog.getByRole('textbox').all()) {
    await tabTo(buyer, field)
    await buyer.page.keyboard.type('The blue one, please.')
  }
  await submits(buyer, 'Submit answers')

  await seller.page.goto(`${seller.url}/orders`)
  await seller.page.locator('[data-conversation]').first().waitFor()
  await seller.page.keyboard.press('/')
  await seller.page.keyboard.type(listing)
  await seller.page.getByRole('link', { name: listing }).waitFor()
  await seller.page.keyboard.press('ArrowDown')
  await seller.page.keyboard.press('Enter')
  await seller.reads('The blue one, please.')
  await press(seller, seller.nextStep.getByRole('button', { name: 'Accept the order' }))
  await submits(seller, 'Accept order')
  await buyer.reads(/accepted the order/)

  await tabTo(buyer, buyer.composer)
  await buyer.page.keyboard.type('Hello! When do you begin?')
  await buyer.page.keyboard.press('Enter')
  await seller.reads('Hello! When do you begin?')

  await tabTo(seller, seller.button('Order actions'))
  await seller.page.keyboard.press('Enter')
  await seller.page.getByRole('menuitem').first().waitFor()
  await seller.page.keyboard.type('Upload')
  await seller.page.keyboard.press('Enter')
  const chooses = seller.page.waitForEvent('filechooser')
  await press(seller, seller.dialog.getByRole('button', { name: 'Choose files' }))
  await (await chooses).setFiles([
    { name: 'film.txt', mimeType: 'text/plain', buffer: Buffer.from('the film') },
  ])
  await seller.dialog.getByText('film.txt').first().waitFor()
  await expect
    .poll(() => seller.dialog.getByRole('button', { name: 'Deliver', exact: true }).isEnabled(), {
      timeout: 40_000,
    })
    .toBe(true)
  await submits(seller, 'Deliver')

  await buyer.reads('film.txt')
  await press(buyer, buyer.nextStep.getByRole('button', { name: 'Accept the delivery' }))
  await submits(buyer, 'Accept delivery')
  await buyer.statusSays('Completed')
  await seller.statusSays('Completed')
  for (const person of [buyer, seller]) {
    expect(person.complaints).toEqual([])
    await person.page.context().close()
  }
})

test('the keys of the help sheet do what it says', async () => {
  const { buyer, seller, listing } = await accepted(stage)
  const { page, composer, dialog } = buyer
  const key = (name: string) => page.keyboard.press(name)
  const place = () => new URL(page.url()).pathname
  await page.getByRole('heading', { name: listing }).first().click()

  await key('?')
  await dialog
    .getByRole('heading', { name: 'Keyboard' })
    .or(dialog.getByRole('heading').first())
    .first()
    .waitFor()
  const named = await dialog.locator('dd').allTextContents()
  expect(named).toEqual(['CtrlK', '?', '/', 'Alt↓', 'Alt↑', 'C', 'Enter', 'ShiftEnter', '↑', 'A', 'I', 'Esc'])
  await key('Escape')
  await dialog.waitFor({ state: 'detached' })

  await key('Control+k')
  await dialog.getByRole('combobox').waitFor()
  // From the first straight to the last, which is further down.
  await key('ArrowUp')
  const isSeen = await dialog.getByRole('option', { selected: true }).evaluate(one => {
    const [at, list] = [one, one.closest('[role=listbox]')].map(each => each?.getBoundingClientRect())
    return at && list && at.top >= list.top && at.bottom <= list.bottom
  })
  expect(isSeen).toBe(true)
  await key('Control+k')
  await dialog.waitFor({ state: 'detached' })

  await key('/')
  expect(await page.getByRole('searchbox').evaluate(one => one === document.activeElement)).toBe(true)
  await page.getByRole('heading', { name: listing }).first().click()

  const begin = place()
  await page.locator('[data-conversation]').nth(1).waitFor()
  const last = await page.locator('[data-conversation][aria-current=page]').evaluate(one => {
    const all = [...document.querySelectorAll('[data-conversation]')]
    return all.indexOf(one) === all.length - 1
  })
  await key(last ? 'Alt+ArrowUp' : 'Alt+ArrowDown')
  await expect.poll(place).not.toBe(begin)
  await page.locator('[data-conversation][aria-current=page]').waitFor()
  await key(last ? 'Alt+ArrowDown' : 'Alt+ArrowUp')
  await expect.poll(place).toBe(begin)
  // Behind a dialog nothing moves.
  const here = page.url()
  await key('?')
  await page.getByRole('dialog').waitFor()
  await key('Alt+ArrowUp')
  await key('Alt+ArrowDown')
  await key('Alt+ArrowDown')
  expect(page.url()).toBe(here)
  await key('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: listing }).first().click()

  await composer.waitFor()
  await key('c')
  expect(await composer.evaluate(one => one === document.activeElement)).toBe(true)
  await page.keyboard.type('two')
  await key('Shift+Enter')
  await page.keyboard.type('lines')
  expect(await composer.inputValue()).toBe('two\nlines')
  // In a text they are the text's.
  await key('Alt+ArrowUp')
  await key('Alt+ArrowDown')
  expect(page.url()).toBe(here)
  await key('Enter')
  await seller.reads(/two\s+lines/)
  await expect.poll(() => composer.inputValue()).toBe('')
  await buyer.reads(/two\s+lines/)
  await buyer.timeline
    .getByText(/^(Stored|Seen)$/)
    .last()
    .waitFor({ state: 'attached' })
  await key('ArrowUp')
  await expect.poll(() => composer.inputValue()).toBe('two\nlines')
  await key('Escape')
  await expect.poll(() => composer.inputValue()).toBe('')
  await page.getByRole('heading', { name: listing }).first().click()

  await key('a')
  await page.getByRole('menuitem').first().waitFor()
  await key('Escape')
  await page.getByRole('menuitem').first().waitFor({ state: 'detached' })

  await page.getByRole('heading', { name: listing }).first().click()
  await buyer.status.waitFor()
  await key('i')
  await buyer.status.waitFor({ state: 'detached' })
  await key('i')
  await buyer.status.waitFor()

  // Turned off, a key alone does nothing (WCAG 2.1.4), also after a reload; those with Ctrl and Alt stay.
  const setting = async (name: string) => {
    await buyer.button('Settings').click()
    await page.getByRole('menuitem', { name }).click()
    await page.getByRole('menu').waitFor({ state: 'detached' })
  }
  await setting('Turn single-key shortcuts off')
  await page.reload()
  await buyer.status.waitFor()
  await page.locator('body').press('i')
  await page.locator('body').press('?')
  await page.locator('body').press('a')
  await key('Control+k')
  await dialog.getByRole('combobox').waitFor()
  expect(await dialog.count()).toBe(1)
  await key('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await buyer.status.count()).toBe(1)
  await setting('Keyboard shortcuts')
  await dialog.getByText('are off').waitFor()
  expect(await dialog.locator('dd').allTextContents()).toEqual(named.filter(one => !/^[?/CAI]$/.test(one)))
  await key('Escape')
  await dialog.waitFor({ state: 'detached' })
  await setting('Turn single-key shortcuts on')
  await page.locator('body').press('?')
  await dialog.getByText('can be turned off').waitFor()
  for (const person of [buyer, seller]) await person.page.context().close()
})

test('in a conversation without an order its keys open nothing, there or in the next room', async () => {
  const { buyer, seller, listing } = await accepted(stage)
  const { page, composer, dialog } = buyer
  // Too narrow for the status to stand beside the room.
  await page.setViewportSize({ width: 1000, height: 800 })
  await page.goto(`${buyer.url}/demo`)
  await buyer.button('Ask Seller').click()
  await composer.waitFor()
  await page.locator('body').press('a')
  await page.locator('body').press('i')
  expect(await dialog.count()).toBe(0)
  // The list draws few of many.
  await page.locator('#conversation-search').fill(listing)
  await page.getByRole('link', { name: listing }).click()
  await buyer.button('Order actions').waitFor()
  expect(await dialog.count()).toBe(0)
  await page.keyboard.press('i')
  const sheet = dialog.getByRole('heading', { name: 'Order status' })
  await sheet.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  // Back takes away what lies over the room, not the room.
  const room = page.url()
  await page.keyboard.press('i')
  await sheet.waitFor()
  await page.evaluate(() => history.back())
  await dialog.waitFor({ state: 'detached' })
  await buyer.button('Order actions').waitFor()
  expect(page.url()).toBe(room)
  for (const person of [buyer, seller]) await person.page.context().close()
})
