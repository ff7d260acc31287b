// Signing out with something that is not sent, and a browser that forgets a person.

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { stage } from '../src/opened'
import type { Person } from '../src/person'

async function chooses({ page }: Person, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('menuitem', { name }).click()
}

/** What of this user lies in the browser. */
const kept = (page: Page, user: string) =>
  page.evaluate(async user => {
    const databases = (await indexedDB.databases()).map(({ name = '' }) => name)
    return [...databases, ...Object.keys(localStorage)].filter(
      name => name.endsWith(`/${user}`) || (name.startsWith('order-chat.') && !name.includes('/')),
    )
  }, user)

/** A message that waits for a connection, a draft and a file beside it. */
async function leavesBehind(buyer: Person): Promise<string> {
  const { page, composer } = buyer
  await buyer.order(`Film ${crypto.randomUUID().slice(0, 8)}`)
  await composer.waitFor()
  await page.locator('main section input[type=file][multiple]').setInputFiles({
    name: 'brief.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('the brief'),
  })
  await buyer.button(/^Remove brief.txt/).waitFor()
  // What is needed without a connection is loaded in a quiet moment.
  await page.waitForFunction(() =>
    ['leave-dialog', 'menu-list'].every(part =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes(part)),
    ),
  )
  await page.context().setOffline(true)
  // A frame that is on its way already arrives.
  await page.locator('#main > [role=status]').waitFor()
  const text = `Written in a tunnel ${crypto.randomUUID().slice(0, 8)}`
  await composer.fill(text)
  await page.keyboard.press('Enter')
  await buyer.reads(text)
  await composer.fill('half a sentence')
  return text
}

test('who signs out with something unsent is asked, and may keep it', async () => {
  const buyer = await stage.person('Buyer')
  const { page, dialog } = buyer
  const text = await leavesBehind(buyer)
  await chooses(buyer, 'Sign out')
  await dialog.getByText('1 message or action not sent').waitFor()
  await dialog.getByRole('button', { name: 'Stay' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await buyer.composer.inputValue()).toBe('half a sentence')
  const place = page.url()

  await chooses(buyer, 'Sign out')
  await dialog.getByRole('button', { name: 'Keep it here and sign out' }).click()
  await page.getByRole('navigation').first().waitFor({ state: 'detached' })
  await page.context().setOffline(false)
  await buyer.signIn()
  await page.goto(place)
  await buyer.reads(text)
  await expect.poll(() => buyer.composer.inputValue(), { timeout: 40_000 }).toBe('half a sentence')
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('a browser forgets a person, and says before what that is', async () => {
  const buyer = await stage.person('Buyer')
  const { page, dialog } = buyer
  const text = await leavesBehind(buyer)
  const place = page.url()
  const before = await kept(page, 'buyer')
  for (const name of ['order-chat/buyer', 'order-chat.uploads/buyer', 'order-chat.drafts/buyer'])
    expect(before).toContain(name)

  await chooses(buyer, 'Forget what is kept on this device')
  for (const part of [/not sent/, /file/, 'Drafts', 'Forms', 'settings'])
    await dialog.getByRole('listitem').filter({ hasText: part }).first().waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await kept(page, 'buyer')).toEqual(before)

  await chooses(buyer, 'Forget what is kept on this device')
  await dialog.getByRole('button', { name: 'Forget it and sign out' }).click()
  await expect.poll(() => kept(page, 'buyer'), { timeout: 40_000 }).toEqual([])
  await page.context().setOffline(false)
  await buyer.signIn()
  await page.goto(place)
  await buyer.composer.waitFor()
  expect(await buyer.composer.inputValue()).toBe('')
  // A new message is stored after whatever would have been sent before it.
  const last = `From the other side ${crypto.randomUUID().slice(0, 8)}`
  await buyer.say(last)
  await buyer.timeline
    .getByText(/^(Stored|Seen)$/)
    .last()
    .waitFor({ state: 'attached' })
  expect(await buyer.timeline.getByText(text).count()).toBe(0)
  await page.context().close()
})

test('their other tab ends with it', async () => {
  const buyer = await stage.person('Buyer')
  await buyer.order(`Film ${crypto.randomUUID().slice(0, 8)}`)
  const other = await stage.anotherTab(buyer)
  await other.composer.fill('half a sentence')
  await chooses(buyer, 'Forget what is kept on this device')
  await buyer.dialog.getByRole('button', { name: 'Forget it and sign out' }).click()
  await other.page.getByRole('heading', { name: 'Demo marketplace' }).waitFor()
  await expect.poll(() => kept(other.page, 'buyer'), { timeout: 40_000 }).toEqual([])
  await buyer.page.context().close()
})
