// An order lived entirely by what the page shows, its people on two nodes (S1–S59).

import { afterEach, expect, test } from 'vitest'
import { stage } from '../src/opened'
import type { Person } from '../src/person'
import { accepted as acceptedOn } from '../src/scenes'

let people: Person[] = []
afterEach(() => {
  const complaints = people.flatMap(person => person.complaints)
  people = []
  expect(complaints).toEqual([])
})

async function accepted() {
  const parties = await acceptedOn(stage)
  people.push(parties.buyer, parties.seller)
  return parties
}

test('from purchase to completion, with changes, new terms and a delivery elsewhere', async () => {
  const { buyer, seller } = await accepted()
  await buyer.say('Hello! When do you begin?')
  await seller.reads('Hello! When do you begin?')
  await seller.say('Tomorrow.')
  await buyer.reads('Tomorrow.')

  await seller.chooses('Upload files')
  await seller.dialog.locator('input[type=file]').setInputFiles([
    { name: 'film.txt', mimeType: 'text/plain', buffer: Buffer.from('the film') },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('about it') },
  ])
  await seller.submits('Deliver')
  await buyer.reads('film.txt')

  await buyer.takesTheStep('Ask for changes')
  await buyer.dialog.getByRole('textbox').first().fill('A little brighter')
  await buyer.submits('Ask for changes')
  await seller.reads('A little brighter')

  await buyer.chooses('Contract update')
  await buyer.dialog.getByLabel('Revisions in all').fill('3')
  await buyer.submits('Propose')
  await seller.takesTheStep('Accept the new terms')
  await seller.submits('Accept new terms')
  await buyer.statusSays('2 of 3 left')

  await seller.chooses('Delivered outside of the platform')
  await seller.dialog.getByLabel('Where was it delivered?').fill('On a disk, by post')
  await seller.submits('Mark as delivered')
  await buyer.reads('On a disk, by post')

  await buyer.takesTheStep('Accept the delivery')
  await buyer.submits('Accept delivery')
  await buyer.statusSays('Completed')
  await seller.statusSays('Completed')
})

test('a dispute that an agent settles', async () => {
  const { buyer, seller, listing } = await accepted()
  const agent = await stage.person('Agent', 1)
  people.push(agent)
  await buyer.chooses('Dispute order')
  await buyer.dialog.getByRole('textbox').first().fill('It is not what we agreed')
  await buyer.dialog.getByRole('checkbox').check()
  await buyer.submits('Open dispute')
  await seller.reads('It is not what we agreed')

  await agent.openCase(listing)
  await agent.button('Claim case').click()
  await agent.chooses('Join the chat')
  await agent.submits('Join chat')
  await agent.say('Hello, I am here to help.')
  await buyer.reads('Hello, I am here to help.')
  await seller.reads('Hello, I am here to help.')
  // They came after the room was opened, and are known by name.
  await buyer.status.getByRole('listitem').filter({ hasText: /Agent/ }).waitFor()
  const writes = async () => {
    await agent.composer.press('x')
    return buyer.page.getByText('Agent is writing', { exact: true }).count()
  }
  await expect.poll(writes, { timeout: 40_000 }).toBe(1)

  await agent.chooses('Propose a resolution')
  await agent.dialog.getByRole('radio', { name: 'One more revision' }).check()
  await agent.submits('Propose')
  for (const party of [buyer, seller]) {
    await party.takesTheStep('Accept the resolution')
    await party.submits('Accept resolution')
  }
  await buyer.statusSays('3 of 3 left')
})

test('what is written offline is sent when the network is back, after a reload too', async () => {
  const { buyer, seller } = await accepted()
  await buyer.page.context().setOffline(true)
  await buyer.composer.fill('written offline')
  await buyer.composer.press('Enter')
  await buyer.timeline.getByText('written offline').waitFor()
  await seller.say('meanwhile')
  await buyer.page.context().setOffline(false)
  await seller.reads('written offline')
  await buyer.reads('meanwhile')

  await buyer.page.context().setOffline(true)
  await buyer.composer.fill('kept over a reload')
  await buyer.composer.press('Enter')
  await buyer.timeline.getByText('kept over a reload').waitFor()
  await buyer.page.context().setOffline(false)
  await buyer.page.reload()
  await seller.reads('kept over a reload')
  await expect.poll(() => seller.timeline.getByText('kept over a reload').count()).toBe(1)
})

test('two tabs of one person are one person', async () => {
  const { buyer, seller } = await accepted()
  const other = await stage.anotherTab(buyer)
  people.push(other)
  await other.reads(/accepted the order/)
  await buyer.say('from the first tab')
  await other.reads('from the first tab')
  await other.say('from the second tab')
  await buyer.reads('from the second tab')
  await seller.reads('from the second tab')
  await buyer.page.close()
  await seller.say('still there?')
  await other.reads('still there?')
  await other.say('yes')
  await seller.reads('yes')
})
