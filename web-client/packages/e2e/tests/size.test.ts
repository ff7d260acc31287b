// A room of 10,000 entries: few rows are in the page, history that is loaded above moves nobody, and whoever writes while
// 50 entries a second come waits for nothing of ours.

import { beforeAll, expect, test } from 'vitest'
import { Crowd } from '../src/crowd'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'
import { nodes } from '../src/stage'
import { slowness, tasksOver } from '../src/tasks'

const ENTRIES = 10_000
const MOST_ROWS = 60
/** A longer task is felt; on a slower machine everything takes longer. */
const MOST_MS = 50

let order: string

beforeAll(async () => {
  order = await market.place('A long film')
  await market.live(order, [['seller', { type: 'accept_order' }]])
  const crowd = await Crowd.open(stage, market)
  await crowd.fill(order, ['buyer', 'seller'], ENTRIES)
  await crowd.close()
}, 600_000)

async function reader(): Promise<Person> {
  const buyer = await stage.person('Buyer')
  await buyer.page.goto(`${nodes()[0]}/orders/${order}`)
  await buyer.reads(/says \d+/)
  return buyer
}

const rows = ({ timeline }: Person) => timeline.locator('[data-index]').count()

test('few rows are in the page, and history above does not move the reader', async () => {
  const buyer = await reader()
  expect(await rows(buyer)).toBeLessThanOrEqual(MOST_ROWS)
  for (let turn = 0; turn < 5; turn += 1) {
    const { moved, grew } = await buyer.timeline.evaluate(scrollUpAndWatch)
    expect(grew, 'nothing was loaded').toBe(true)
    expect(moved).toEqual([])
    expect(await rows(buyer)).toBeLessThanOrEqual(MOST_ROWS)
  }
  await buyer.page.context().close()
})

/** In the page: scrolls up as people do, picture by picture, until older entries have come and for some time after; each
 * picture shows the message that was seen first in the one before no further down than was scrolled, and no higher. */
async function scrollUpAndWatch(log: HTMLElement): Promise<{ moved: string[]; grew: boolean }> {
  const STEP = 90
  const PAGE = 1000
  // Not within a picture: what is measured there would be written over, as no hand could do it.
  const painted = () => new Promise<void>(done => requestAnimationFrame(() => setTimeout(done)))
  const top = log.getBoundingClientRect().top
  // Both say the same numbers.
  const nameOf = (one: Element) => one.textContent?.match(/(?:buyer|seller) says \d+/)?.[0]
  const placeOf = (one: Element) => Math.round(one.getBoundingClientRect().top * 10) / 10
  const all = () => [...log.querySelectorAll('article')]
  const moved: string[] = []
  const step = async (up: number) => {
    const seen = all().find(one => placeOf(one) >= top + 40 && nameOf(one))
    if (!seen) throw new Error('no message is seen')
    const [name, from, before] = [nameOf(seen), placeOf(seen), log.scrollTop]
    log.scrollTop = Math.max(before - up, Math.min(before, 300))
    const expected = from + before - log.scrollTop
    await painted()
    const there = all().find(one => nameOf(one) === name)
    const place = there && placeOf(there)
    // A step that meets older entries may be lost; what is not done is to go further, or back.
    const fits = place !== undefined && place > from - 0.5 && place < expected + 0.5
    if (!fits) moved.push(`${name} at ${place}, not ${from} to ${expected}`)
  }
  const height = log.scrollHeight
  for (let n = 0; n < 2000 && log.scrollHeight < height + PAGE; n += 1) await step(STEP)
  const grew = log.scrollHeight >= height + PAGE
  for (let n = 0; n < 20; n += 1) await step(0)
  return { moved, grew }
}

test('whoever writes while 50 entries a second come is not held up', async () => {
  const buyer = await reader()
  const { page, timeline, composer } = buyer
  // All of it is in memory, as for somebody who read it all.
  for (;;) {
    const begun = await timeline.evaluate(async log => {
      const height = log.scrollHeight
      log.scrollTop = 0
      for (let n = 0; n < 60 && log.scrollHeight === height; n += 1) await new Promise(requestAnimationFrame)
      return log.querySelector('[data-index="0"]')?.textContent?.startsWith('This is where') ?? false
    })
    if (begun) break
  }
  await timeline.evaluate(log => {
    log.scrollTop = log.scrollHeight
  })
  await composer.click()
  const crowd = await Crowd.open(stage, market)
  const sentence = 'The quick brown fox jumps over the lazy dog, once more. '
  // What our code costs it costs each time; what the machine adds now and then is none of it.
  const rounds: string[][] = []
  const most = MOST_MS * (await slowness(page))
  while (rounds.length < 3 && rounds.at(-1)?.length !== 0) {
    const over = await tasksOver(most, page, async () => {
      const talk = crowd.talk(order, 'seller', 250, 20)
      await page.keyboard.type(sentence, { delay: 60 })
      await talk
    })
    rounds.push(over)
    await buyer.reads('seller says 250')
  }
  expect(await composer.inputValue()).toBe(sentence.repeat(rounds.length))
  expect(rounds.at(-1), JSON.stringify(rounds)).toEqual([])
  expect(await rows(buyer)).toBeLessThanOrEqual(MOST_ROWS)
  await crowd.close()
  await page.context().close()
})
