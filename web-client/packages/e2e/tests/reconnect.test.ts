// A connection that is away: what a person can do about it.

import { expect, test } from 'vitest'
import { stage } from '../src/opened'

test('“Try now” is tried at once, while the page waits', async () => {
  let dialled = 0
  let overloaded = true
  const buyer = await stage.person('Buyer', 0, {}, page =>
    page.routeWebSocket(/\/v1\/socket$/, socket => {
      dialled += 1
      if (!overloaded) return void socket.connectToServer()
      // A node that has no room wants to be left alone for ten minutes.
      socket.onMessage(() => {
        const goodbye = { type: 'goodbye', code: 4100, reason: 'overloaded', retry_after_ms: 600_000 }
        socket.send(JSON.stringify(goodbye))
        void socket.close({ code: 4100, reason: 'overloaded' })
      })
    }),
  )
  const { page } = buyer
  await page.reload()
  const banner = page.getByText('The connection is lost')
  await banner.waitFor()
  await expect.poll(() => dialled).toBe(1)
  overloaded = false
  await buyer.button('Try now').click()
  await banner.waitFor({ state: 'detached' })
  expect(dialled).toBe(2)
  expect(buyer.complaints).toEqual([])
  await page.context().close()
})
