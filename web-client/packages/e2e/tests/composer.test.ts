// What is written and not sent: nothing of it is lost, nothing is sent twice (S27, S57, G6).

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'

/** An accepted order, open on the buyer's screen. */
async function inRoom(): Promise<{ buyer: Person; order: string }> {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`)
  await market.live(order, [
    ['seller', { type: 'accept_order' }],
    ['seller', { type: 'post_message', text: 'A question for you' }],
  ])
  const buyer = await stage.person('Buyer')
  await buyer.page.goto(`${buyer.url}/orders/${order}`)
  await buyer.reads('A question for you')
  return { buyer, order }
}

const holds = ({ composer }: Person, text: string) =>
  expect.poll(() => composer.inputValue(), { timeout: 40_000 }).toBe(text)

async function choosesOf({ page, timeline }: Person, text: string, choice: string): Promise<void> {
  const message = timeline.getByRole('article').filter({ hasText: text })
  await message.hover()
  await message.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: choice, exact: true }).click()
}

test('a draft waits beneath an edit, which outlives a reload and another room', async () => {
  const { buyer } = await inRoom()
  const { page, composer } = buyer
  const editing = page.getByText('Editing your message')
  await buyer.say('first words')
  await buyer.reads('first words')
  await composer.fill('half a thought')
  await choosesOf(buyer, 'first words', 'Edit')
  await holds(buyer, 'first words')
  await composer.fill('better words')

  await page.reload()
  await editing.waitFor()
  await holds(buyer, 'better words')
  const room = page.url()
  await page.getByRole('link', { name: 'Home' }).first().click()
  await composer.waitFor({ state: 'detached' })
  await page.goBack()
  await page.waitForURL(room)
  await editing.waitFor()
  await holds(buyer, 'better words')

  // A reply is about the draft, not about the text of the edit.
  await choosesOf(buyer, 'A question for you', 'Reply')
  await holds(buyer, 'half a thought')
  await choosesOf(buyer, 'first words', 'Edit')
  await holds(buyer, 'better words')
  await composer.press('Enter')
  await buyer.reads('better words')
  await holds(buyer, 'half a thought')
  await page.getByText(/^Replying to/).waitFor()
  await composer.press('Enter')
  await holds(buyer, '')
  await buyer.timeline
    .getByRole('article')
    .filter({ hasText: 'half a thought' })
    .locator('blockquote')
    .waitFor()
  await page.reload()
  await buyer.reads('half a thought')
  await holds(buyer, '')
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('the words of a refused edit are there, to be copied and to be gone on with', async () => {
  const { buyer, order } = await inRoom()
  const { page, composer } = buyer
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await buyer.say('first words')
  await buyer.reads('first words')
  await choosesOf(buyer, 'first words', 'Edit')
  await composer.fill('better words')
  const { entries } = await market.ask<{ entries: { seq: number; event: { text?: string } }[] }>(
    'buyer',
    'GET',
    `/v1/orders/${order}/entries`,
  )
  const seq = entries.find(({ event }) => event.text === 'first words')?.seq
  await market.live(order, [['buyer', { type: 'retract_message', seq }]])
  await buyer.reads('This message was taken back')
  await composer.press('Enter')
  await holds(buyer, '')

  const refused = buyer.timeline.getByRole('alert').filter({ hasText: 'Not carried out' })
  await refused.waitFor()
  await buyer.reads('better words')
  await refused.getByRole('button', { name: 'Copy text' }).click()
  await page.getByText('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('better words')
  await refused.getByRole('button', { name: 'Edit' }).click()
  await holds(buyer, 'better words')
  await refused.waitFor({ state: 'detached' })
  await composer.press('Enter')
  await refused.getByRole('button', { name: 'Delete' }).click()
  await refused.waitFor({ state: 'detached' })
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

/** Somebody else writes into the outbox for as long as they like. */
async function holdOutbox(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => name === 'order-chat/buyer') ?? {}
    if (!name) throw new Error('there is no outbox')
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    const [store] = database.objectStoreNames
    if (!store) throw new Error('the outbox has no place')
    const held = database.transaction(store, 'readwrite').objectStore(store)
    const hold = () => {
      const { released } = window as unknown as { released?: boolean }
      if (!released) held.count().onsuccess = hold
      else held.transaction.oncomplete = () => database.close()
    }
    hold()
  })
  return () => page.evaluate(() => void Object.assign(window, { released: true }))
}

test('while a message is being written down, a second Enter is nothing and further words stay', async () => {
  const { buyer } = await inRoom()
  const { page, composer } = buyer
  const release = await holdOutbox(page)
  await composer.fill('only once')
  await composer.press('Enter')
  await composer.press('Enter')
  await composer.press('Enter')
  await composer.pressSequentially(' and then')
  await holds(buyer, 'only once and then')
  await release()
  await holds(buyer, ' and then')
  await composer.press('Enter')
  await holds(buyer, '')
  await buyer.reads('and then')
  const texts = buyer.timeline.getByRole('article').getByText(/^(only once|and then)$/)
  await expect.poll(() => texts.allTextContents()).toEqual(['only once', 'and then'])
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('what is sent from further up is seen, and only what others write is new', async () => {
  const { buyer, order } = await inRoom()
  const { timeline } = buyer
  const write = (text: string) => market.live(order, [['seller', { type: 'post_message', text }]])
  for (let n = 0; n < 8; n += 1) await write(`${n}\n`.repeat(12))
  await write('the last of many')
  await buyer.reads('the last of many')
  const below = () => timeline.evaluate(log => log.scrollHeight - log.scrollTop - log.clientHeight)
  const down = buyer.button('To the newest entry')
  // What is sent is followed for a moment.
  const up = () =>
    expect
      .poll(
        async () => {
          await timeline.evaluate(log => {
            log.scrollTop = log.scrollHeight - log.clientHeight - 500
          })
          return down.isVisible()
        },
        { timeout: 40_000 },
      )
      .toBe(true)
  await expect.poll(below, { timeout: 40_000 }).toBeLessThan(64)
  await up()
  await buyer.say('from further up')
  await buyer.reads('from further up')
  await expect.poll(below, { timeout: 40_000 }).toBeLessThan(64)
  await down.waitFor({ state: 'detached' })

  await up()
  await market.live(order, [['buyer', { type: 'post_message', text: 'on my other device' }]])
  await write('an answer')
  await buyer.button('1 new entry').waitFor()
  await buyer.page.context().close()
})
