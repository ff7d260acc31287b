// An order from purchase to completion, entirely by what the page shows, on two nodes (S1–S59).

import { afterAll, beforeAll, expect, test } from 'vitest'
import { Stage } from '../src/stage'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
})
afterAll(() => stage?.close())

test('buyer and seller live an order on two nodes', async () => {
  const [buyer, seller] = [await stage.person('Buyer', 0), await stage.person('Seller', 1)]
  const listing = `Film ${Date.now()}`
  await buyer.order(listing)
  await seller.open(listing)

  await buyer.takesTheStep('Answer the questions')
  await buyer.dialog.getByRole('textbox').first().waitFor()
  const answers = await buyer.dialog.getByRole('textbox').all()
  for (const answer of answers) await answer.fill('The blue one, please.')
  await buyer.submits('Submit answers')
  await seller.reads('The blue one, please.')

  await seller.takesTheStep('Accept the order')
  await seller.submits('Accept order')
  await buyer.reads(/accepted/i)

  await buyer.say('Hello! When do you begin?')
  await seller.reads('Hello! When do you begin?')
  await seller.say('Tomorrow.')
  await buyer.reads('Tomorrow.')

  await seller.chooses('Upload files')
  await seller.dialog.locator('input[type=file]').setInputFiles([
    { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.from('the film') },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('about it') },
  ])
  await seller.submits('Deliver')
  await buyer.reads('film.mp4')

  await buyer.takesTheStep('Ask for changes')
  await buyer.dialog.getByRole('textbox').first().fill('A little brighter')
  await buyer.submits('Ask for changes')
  await seller.reads('A little brighter')

  await seller.chooses('Delivered outside of the platform')
  expect([...buyer.complaints, ...seller.complaints]).toEqual([])
})
