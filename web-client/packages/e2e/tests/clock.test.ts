// A device whose clock is wrong: its person is signed in, writes, and sees how much time is really left.

import { expect, test } from 'vitest'
import { market, stage } from '../src/opened'
import { Person } from '../src/person'
import { nodes } from '../src/stage'
import { hostToken } from '../src/token'

test.each([
  ['ahead', 1],
  ['behind', -1],
])('on a device an hour %s a person is signed in, chats, and the countdown is right', async (_, hours) => {
  const buyer = `clock-${crypto.randomUUID().slice(0, 8)}`
  const policy = { preset: 'creator', accept_window_s: 5400 }
  const order = await market.place('Clock repair', { buyer, policy })
  const page = await stage.visitor()
  await page.addInitScript(aheadMs => {
    const { now } = Date
    globalThis.Date = class extends Date {
      constructor(...given: unknown[]) {
        if (given.length === 0) super(now() + aheadMs)
        else super(...(given as []))
      }
      static override now = () => now() + aheadMs
    } as DateConstructor
  }, hours * 3_600_000)
  const person = new Person('Buyer', nodes()[0], page)
  // Half an hour is left of it: none, or more, by this device.
  await page.goto(`${person.url}/orders/${order}#token=${hostToken(buyer, 1800)}`)
  await person.say('What time is it there?')
  await person.reads('What time is it there?')
  await person.statusSays('1 h 29 min')
  await page.reload()
  await person.reads('What time is it there?')
  await person.statusSays('1 h 2')
  expect(await page.getByText('Your sign-in has ended').count()).toBe(0)
  expect(person.complaints).toEqual([])
  await page.context().close()
})
