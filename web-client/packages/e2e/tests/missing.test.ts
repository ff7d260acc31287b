// A part of the page that does not come: it says so in its place, and the rest goes on.

import { expect, test } from 'vitest'
import { stage } from '../src/opened'

test('what cannot be loaded costs nothing else', async () => {
  // Without the worker, which has everything once it was loaded.
  const buyer = await stage.person('Buyer', 0, { serviceWorkers: 'block' })
  const { page } = buyer
  const listing = `Film ${crypto.randomUUID().slice(0, 8)}`
  await buyer.order(listing)
  await buyer.composer.fill('half a sentence')
  const away = /\/assets\/(actions-list|command-dialog|home-page|palette|menu-list|upload-list)-/
  await page.route(away, route => route.abort())
  await page.reload()
  await expect.poll(() => buyer.composer.inputValue(), { timeout: 40_000 }).toBe('half a sentence')
  const missing = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' })

  await page.keyboard.press('Control+k')
  await missing.waitFor()
  await missing.getByRole('button', { name: 'Close' }).click()
  await missing.waitFor({ state: 'detached' })
  await buyer.button('Order actions').click()
  await missing.getByRole('button', { name: 'Close' }).click()
  await missing.waitFor({ state: 'detached' })
  await page.locator('main section input[type=file][multiple]').setInputFiles({
    name: 'brief.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('the brief'),
  })
  await missing.waitFor()
  await buyer.composer.fill('a whole sentence')
  // Once the file is there, which only its list would show.
  await buyer.button('Send').click()
  await buyer.reads('a whole sentence')

  await missing.waitFor({ state: 'detached' })

  await page.getByRole('link', { name: 'Home' }).click()
  await missing.waitFor()
  await page.getByRole('link', { name: 'Chat' }).click()
  await missing.waitFor({ state: 'detached' })
  await page.unroute(away)
  await page.getByRole('link', { name: 'Home' }).click()
  await missing.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await missing.waitFor({ state: 'detached' })
  await page.context().close()
})
