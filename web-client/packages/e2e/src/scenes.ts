// Where stories begin.

import type { Person } from './person'
import type { Stage } from './stage'

export interface Parties {
  readonly buyer: Person
  readonly seller: Person
  readonly listing: string
}

/** An order that waits for the seller, open on both screens, its people on two nodes. */
export async function placed(stage: Stage): Promise<Parties> {
  const [buyer, seller] = [await stage.person('Buyer', 0), await stage.person('Seller', 1)]
  const listing = `Film ${crypto.randomUUID().slice(0, 8)}`
  await buyer.order(listing)
  await seller.open(listing)
  return { buyer, seller, listing }
}

/** The same, its questions answered and accepted. */
export async function accepted(stage: Stage): Promise<Parties> {
  const parties = await placed(stage)
  const { buyer, seller } = parties
  await buyer.takesTheStep('Answer the questions')
  await buyer.dialog.getByRole('textbox').first().waitFor()
  for (const answer of await buyer.dialog.getByRole('textbox').all())
    await answer.fill('The blue one, please.')
  await buyer.submits('Submit answers')
  await seller.reads('The blue one, please.')

  await seller.takesTheStep('Accept the order')
  await seller.submits('Accept order')
  await buyer.reads(/accepted the order/)
  return parties
}
