// A command's dialog and what becomes of it: sent once, closed by its own answer, told of in one place (G2, G6, I4).

import { expect, test } from 'vitest'
import { Cable } from '../src/cable'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'

/** An accepted order on the buyer's screen, new terms filled in and the network gone. */
async function proposesOffline(): Promise<{ buyer: Person; order: string; cable: Cable }> {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`)
  await market.live(order, [['seller', { type: 'accept_order' }]])
  const buyer = await stage.person('Buyer')
  const cable = await Cable.of(buyer.page)
  await buyer.page.goto(`${buyer.url}/orders/${order}`)
  await buyer.reads(/accepted the order/)
  await buyer.chooses('Contract update')
  await buyer.dialog.getByLabel('Revisions in all').fill('5')
  await cable.cut()
  await buyer.page.getByText('The connection is lost').waitFor()
  await buyer.dialog.getByRole('button', { name: 'Propose', exact: true }).click()
  await buyer.dialog.getByText('There is no connection.').waitFor()
  return { buyer, order, cable }
}

test('a late answer closes its own dialog and no other, and the same is not sent twice', async () => {
  const { buyer, cable } = await proposesOffline()
  const { page, dialog } = buyer
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await dialog.waitFor({ state: 'detached' })
  await buyer.chooses('Contract update')
  await dialog.getByText('There is no connection.').waitFor()
  expect(await dialog.getByRole('button', { name: 'Sending' }).isDisabled()).toBe(true)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await dialog.waitFor({ state: 'detached' })

  await buyer.chooses('Dispute order')
  await dialog.getByRole('textbox').first().fill('It is not what we agreed')
  cable.mend()
  await page
    .getByRole('article', { name: 'Contract update', includeHidden: true })
    .first()
    .waitFor({ state: 'attached' })
  await dialog.getByRole('heading', { name: 'Dispute order' }).waitFor()
  await expect.poll(() => dialog.getByRole('textbox').first().inputValue()).toBe('It is not what we agreed')
  expect(await page.getByRole('article', { name: 'Contract update', includeHidden: true }).count()).toBe(1)
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('a dialog that is opened again for what is on its way closes with the answer', async () => {
  const { buyer, cable } = await proposesOffline()
  const { page, dialog } = buyer
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await dialog.waitFor({ state: 'detached' })
  await buyer.chooses('Contract update')
  await dialog.getByText('There is no connection.').waitFor()
  cable.mend()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('article', { name: 'Contract update' }).first().waitFor()
  await page.context().close()
})

test('what a dialog wrote is seen from the end and from further up, and what comes next is followed', async () => {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`)
  const write = (text: string) => market.live(order, [['seller', { type: 'post_message', text }]])
  await market.live(order, [['seller', { type: 'accept_order' }]])
  for (let n = 0; n < 8; n += 1) await write(`${n}\n`.repeat(12))
  await write('the last of many')
  const buyer = await stage.person('Buyer')
  const { page, timeline } = buyer
  await page.goto(`${buyer.url}/orders/${order}`)
  await buyer.reads('the last of many')
  const below = () => timeline.evaluate(log => log.scrollHeight - log.scrollTop - log.clientHeight)
  const down = buyer.button('To the newest entry')
  const atEnd = () => expect.poll(below, { timeout: 40_000 }).toBeLessThan(64)
  if (await down.isVisible()) await down.click()
  await atEnd()
  await buyer.chooses('Contract update')
  await buyer.dialog.getByLabel('Revisions in all').fill('5')
  await buyer.submits('Propose')
  await page.getByRole('article', { name: 'Contract update' }).waitFor()
  await atEnd()
  await write('an answer')
  await buyer.reads('an answer')
  await atEnd()

  await timeline.evaluate(log => {
    log.scrollTop = log.scrollHeight - log.clientHeight - 500
  })
  await down.waitFor()
  await buyer.chooses('Dispute order')
  await buyer.dialog.getByRole('textbox').first().fill('It is not what we agreed')
  await buyer.dialog.getByRole('checkbox').check()
  await buyer.submits('Open dispute')
  await page.getByRole('article', { name: 'Dispute' }).waitFor()
  await atEnd()
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('what the dialog says was refused does not wait in the timeline to be sent again', async () => {
  const { buyer, order, cable } = await proposesOffline()
  const { page, dialog } = buyer
  await market.live(order, [['seller', { type: 'propose_update', revisions: 4 }]])
  cable.mend()
  await dialog.getByRole('alert').first().waitFor()
  await dialog.getByRole('button', { name: 'Not now' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('article', { name: 'Contract update' }).first().waitFor()
  expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0)
  await page.reload()
  await page.getByRole('article', { name: 'Contract update' }).first().waitFor()
  expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0)
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('a file that was removed from an answer is not sent, whenever it was removed', async () => {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`, {
    requirements: [
      { id: 'brand', label: 'Brand', kind: 'text', required: true },
      { id: 'logo', label: 'Logo', kind: 'file', required: false },
    ],
  })
  const buyer = await stage.person('Buyer')
  const { page, dialog } = buyer
  await page.goto(`${buyer.url}/orders/${order}`)
  await buyer.takesTheStep('Answer the questions')
  await dialog.getByRole('textbox').first().fill('Oak')
  const text = { mimeType: 'text/plain', buffer: Buffer.from('private') }
  const logo = dialog.locator('input[type=file]')
  for (const name of ['first.txt', 'second.txt']) {
    await logo.setInputFiles({ name, ...text })
    await dialog.getByRole('button', { name: `Remove ${name}` }).waitFor()
    // The form and what stands in it are kept over a reload.
    await page.reload()
    await buyer.takesTheStep('Answer the questions')
    await dialog.getByRole('button', { name: `Remove ${name}` }).click()
    await dialog.getByRole('button', { name: `Remove ${name}` }).waitFor({ state: 'detached' })
  }
  await buyer.submits('Submit answers')
  await buyer.reads('Oak')
  const { requirements } = await market.ask<{ requirements: { answers: Record<string, unknown> } }>(
    'seller',
    'GET',
    `/v1/orders/${order}`,
  )
  expect(requirements.answers).toEqual({ brand: 'Oak' })
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})

test('S12, S43, S45: a file that was given as an answer is there for both, and stays when another answer changes', async () => {
  const order = await market.place(`Film ${crypto.randomUUID().slice(0, 8)}`, {
    requirements: [
      { id: 'brand', label: 'Brand', kind: 'text', required: true },
      { id: 'logo', label: 'Logo', kind: 'file', required: true },
    ],
  })
  const buyer = await stage.person('Buyer')
  const { page, dialog } = buyer
  await page.goto(`${buyer.url}/orders/${order}`)
  await buyer.takesTheStep('Answer the questions')
  await dialog.getByRole('textbox').first().fill('Oak')
  const buffer = Buffer.from('the logo')
  await dialog.locator('input[type=file]').setInputFiles({ name: 'logo.txt', mimeType: 'text/plain', buffer })
  await dialog.getByRole('button', { name: 'Remove logo.txt' }).waitFor()
  await buyer.submits('Submit answers')
  await buyer.timeline.getByRole('button', { name: 'Download logo.txt' }).first().waitFor()

  await buyer.chooses('Correct the answers')
  await dialog.getByRole('button', { name: 'Download logo.txt' }).waitFor()
  await dialog.getByRole('textbox').first().fill('Elm')
  await buyer.submits('Submit answers')
  await buyer.reads('Elm')

  const seller = await stage.person('Seller', 1)
  await seller.page.goto(`${seller.url}/orders/${order}`)
  const saved = seller.page.waitForEvent('download')
  await seller.timeline.getByRole('button', { name: 'Download logo.txt' }).last().click()
  expect((await saved).suggestedFilename()).toBe('logo.txt')
  expect([...buyer.complaints, ...seller.complaints]).toEqual([])
  await page.context().close()
  await seller.page.context().close()
})
