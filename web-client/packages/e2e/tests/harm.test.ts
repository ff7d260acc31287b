// Text is text: a corpus of harm through every field and every file name, in a real browser, read by buyer, seller and agent.
// Nothing of it runs, nothing breaks a rule of the page's content policy, nothing becomes an element.

import { expect, test } from 'vitest'
import { LINE, NOT_TAKEN, TAKEN, TEXTS, TOGETHER } from '../src/corpus'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'

/** Somebody whose screen tells of everything that ran. */
async function watched(person: Person): Promise<{ person: Person; told: string[] }> {
  const told: string[] = []
  const { page } = person
  const context = page.context()
  page.on('dialog', dialog => {
    told.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('page', opened => told.push(`opened: ${opened.url()}`))
  await context.exposeFunction('canary', (which: unknown) => told.push(`ran: ${which}`))
  await context.exposeFunction('violated', (what: string) => told.push(`policy: ${what}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      const { violatedDirective, blockedURI, sample } = event
      const tell = (window as unknown as { violated: (what: string) => void }).violated
      tell(`${violatedDirective} ${blockedURI} ${sample}`)
    })
  })
  await page.reload()
  return { person, told }
}

/** Elements that no part of this application makes, and addresses that it must not follow. */
async function strange({ page }: Person): Promise<string[]> {
  return page.evaluate(() => {
    const bad = 'iframe,object,embed,base,style:not(head *),form,marquee,math,details,[srcdoc]'
    const found = [...document.querySelectorAll(`#app :is(${bad})`)].map(({ outerHTML }) => outerHTML)
    for (const element of document.querySelectorAll('body *')) {
      const handlers = [...element.attributes].filter(({ name }) => name.startsWith('on'))
      if (handlers.length > 0) found.push(element.outerHTML)
    }
    for (const link of document.querySelectorAll('a'))
      if (!/^(https?|mailto|blob):/.test(link.href)) found.push(link.href)
    return found
  })
}

/** Every text of the corpus, as it was written, somewhere in the timeline. */
async function readsAll({ timeline, page }: Person): Promise<void> {
  // A field makes its own of line ends.
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
  const wanted = TEXTS.map(plain)
  const seen = new Set<string>()
  const look = async () => {
    const texts = await timeline.evaluate(log => [...log.querySelectorAll('p')].map(p => p.textContent))
    for (const text of texts) if (text !== null) seen.add(plain(text))
    await timeline.evaluate(log => {
      log.scrollTop -= log.clientHeight / 2
    })
    return wanted.filter(text => !seen.has(text))
  }
  const toEnd = () =>
    timeline.evaluate(log => {
      log.scrollTop = log.scrollHeight
    })
  await toEnd()
  await expect.poll(look, { timeout: 60_000 }).toEqual([])
  await toEnd()
  await page.bringToFront()
}

/** A slim line keeps its reason until it is unfolded. */
async function unfold({ timeline }: Person): Promise<void> {
  const folded = timeline.getByRole('button', { name: 'Details', expanded: false })
  while ((await folded.count()) > 0) await folded.first().click()
}

test('a corpus of harm is shown as text, to everybody and everywhere', async () => {
  const buyer = await watched(await stage.person('Buyer', 0))
  const seller = await watched(await stage.person('Seller', 1))
  const agent = await watched(await stage.person('Agent', 1))
  const all = [buyer, seller, agent]
  const [b, s, a] = [buyer.person, seller.person, agent.person]

  // The purchase, its questions and answers. Title and questions end in a word by which they are found.
  const word = crypto.randomUUID().slice(0, 8)
  const title = `${LINE} ${word}`
  await b.page.goto(`${b.url}/demo`)
  await b.page.getByLabel('Listing').waitFor()
  for (const box of await b.page.locator('form, section').getByRole('textbox').all())
    if ((await box.getAttribute('inputmode')) === null) await box.fill(`${LINE} ${word}`)
  await b.button('Place order').click()
  await b.page.waitForURL(/\/orders\//)
  await s.page.goto(s.url + new URL(b.page.url()).pathname)
  await b.page.getByRole('heading', { name: title }).first().waitFor()
  await b.takesTheStep('Answer the questions')
  await b.dialog.getByRole('textbox').first().waitFor()
  for (const answer of await b.dialog.getByRole('textbox').all()) await answer.fill(LINE)
  await b.submits('Submit answers')
  await s.reads(LINE)
  await s.takesTheStep('Accept the order')
  await s.submits('Accept order')

  // Messages, one by one; an edit; a reply.
  for (const text of TEXTS) await s.say(text)
  await b.reads(TEXTS.at(-1) ?? '')
  await readsAll(b)
  await readsAll(s)
  await s.say('soon other words')
  await s.composer.press('ArrowUp')
  await s.button('Stop editing').waitFor()
  await s.composer.fill(`edited ${LINE}`)
  await s.button('Save').click()
  await b.reads(`edited ${LINE}`)

  // Files: their names, and what they are.
  await b.page
    .locator('main section input[type=file][multiple]')
    .setInputFiles([...TAKEN.values(), ...NOT_TAKEN])
  for (const name of TAKEN.keys()) await b.button(`Remove ${name}`).waitFor()
  for (const { name } of NOT_TAKEN) {
    await b.page.getByRole('listitem').filter({ hasText: name }).getByText('are not taken').waitFor()
    await b.button(`Cancel ${name}`).click()
  }
  await b.button('Send').click()
  for (const name of ['page.html.gif', 'drawing.svg.png']) {
    await s.timeline.getByRole('button', { name: `Show ${name}` }).click()
    await s.dialog.getByRole('heading', { name }).waitFor()
    await s.page.keyboard.press('Escape')
    await s.dialog.waitFor({ state: 'detached' })
  }
  for (const name of [...TAKEN.keys()].filter(name => name.endsWith('.txt')))
    await s.timeline
      .getByRole('button', { name: `Download ${name}`, exact: true })
      .first()
      .waitFor()

  // A delivery, a request for changes, new terms, a dispute and its notes.
  await s.chooses('Delivered outside of the platform')
  for (const box of await s.dialog.getByRole('textbox').all()) await box.fill(TOGETHER.slice(0, 900))
  await s.submits('Mark as delivered')
  await b.takesTheStep('Ask for changes')
  await b.dialog.getByRole('textbox').first().fill(TOGETHER.slice(0, 1900))
  await b.dialog.getByLabel('One change 1').fill(LINE)
  await b.submits('Ask for changes')
  await s.page
    .getByRole('article', { name: /^Changes asked for/ })
    .getByText(LINE)
    .first()
    .waitFor()
  await b.chooses('Dispute order')
  await b.dialog.getByRole('textbox').first().fill(TOGETHER.slice(0, 1900))
  await b.dialog.getByRole('checkbox').check()
  await b.submits('Open dispute')
  await a.openCase(word)
  await a.button('Claim case').click()
  await a.page.getByLabel('Add a note').fill(TOGETHER.slice(0, 1900))
  await a.button('Save note').click()
  await a.chooses('Join the chat')
  await a.submits('Join chat')
  await a.say(LINE)
  await b.reads(LINE)
  await readsAll(a)

  // The same from the lists, the start pages and after a reload.
  for (const { person } of all) {
    await person.page.reload()
    await person.timeline.waitFor()
    expect(await strange(person)).toEqual([])
    await person.page.goto(person.url)
    await person.page.getByRole('navigation').first().waitFor()
    await person.page.keyboard.press('Control+k')
    await person.dialog.getByRole('combobox').or(person.dialog.getByRole('searchbox')).first().fill(word)
    expect(await strange(person)).toEqual([])
  }
  for (const { told, person } of all) {
    expect(told, person.account).toEqual([])
    expect(person.complaints).toEqual([])
  }
})

test('names and reasons are text too, to everybody and everywhere', async () => {
  const word = crypto.randomUUID().slice(0, 8)
  const [b, s, a] = [`buyer-${word}`, `seller-${word}`, `agent-${word}`]
  const name = (who: string) => `${LINE} ${who}`
  const [buyer, seller, agent] = [
    await watched(await stage.sent(b, { name: name(b) }, 0)),
    await watched(await stage.sent(s, { name: name(s) }, 1)),
    await watched(await stage.sent(a, { name: name(a), role: 'agent' }, 1)),
  ]
  for (const user of [b, s]) market.meet(user, { name: name(user) })
  market.meet(a, { name: name(a), role: 'agent' })
  const reason = TOGETHER.slice(0, 1900)
  const unanswered = { buyer: b, seller: s, revisions: 1 }
  const accept = [s, { type: 'accept_order' }] as const
  // With every revision used and delivered it may be cancelled.
  const delivered = [s, { type: 'deliver_external', where: LINE, note: LINE }] as const
  const cancelling = [
    accept,
    delivered,
    [b, { type: 'request_revision', delivery: 1, text: LINE }],
    delivered,
    [b, { type: 'request_cancel', reason, cx_join: true }],
    [a, { type: 'claim_case' }],
    [a, { type: 'join_case' }],
  ] as const
  const lives: Record<string, readonly (readonly [string, Readonly<Record<string, unknown>>])[]> = {
    declined: [[s, { type: 'decline_order', reason }]],
    approved: [...cancelling, [a, { type: 'approve_cancel', refund: 0, reason }]],
    rejected: [...cancelling, [a, { type: 'reject_cancel', reason }]],
    resolved: [
      accept,
      [b, { type: 'open_dispute', reason, cx_join: true }],
      [a, { type: 'claim_case' }],
      [a, { type: 'join_case' }],
      [a, { type: 'resolve_dispute', option: { kind: 'resume' }, reason }],
    ],
    sent: [accept, [s, { type: 'mark_sent', carrier: LINE, tracking: LINE }]],
    cancelled: [accept, [s, { type: 'cancel_order', reason }]],
  }
  for (const [what, steps] of Object.entries(lives)) {
    const direct = what === 'sent' || what === 'cancelled' ? { policy: 'craft', payment: 'unpaid' } : {}
    const order = await market.place(`${LINE} ${word} ${what}`, { ...unanswered, ...direct })
    await market.live(order, steps)
    for (const { person } of [buyer, seller]) {
      await person.page.goto(`${person.url}/orders/${order}`)
      await person.reads('canary(50)')
      await unfold(person)
      const given = what === 'sent' ? LINE : (TEXTS[0] ?? '')
      await person.timeline
        .getByText(given, { exact: what === 'sent' })
        .first()
        .waitFor()
      expect(await strange(person), what).toEqual([])
    }
  }
  // The agent reads an open case, the queue and the notes.
  const order = await market.place(`${LINE} ${word} open`, unanswered)
  await market.live(order, cancelling)
  await agent.person.openCase(`${word} open`)
  await agent.person.timeline.waitFor()
  await agent.person.reads(TEXTS[0] ?? '')
  expect(await strange(agent.person)).toEqual([])
  for (const { told, person } of [buyer, seller, agent]) {
    expect(told, person.account).toEqual([])
    expect(person.complaints).toEqual([])
    await person.page.context().close()
  }
})

test('the watch is awake: what does run is told', async () => {
  const { person, told } = await watched(await stage.person('Buyer'))
  await person.page.evaluate(() => {
    const image = document.createElement('img')
    image.src = 'http://127.0.0.1:9/not-allowed.png'
    document.body.append(image)
    ;(window as unknown as { canary: (which: string) => void }).canary('itself')
  })
  await expect
    .poll(() => told.toSorted())
    .toEqual([expect.stringContaining('policy: img-src http://127.0.0.1:9/not-allowed.png'), 'ran: itself'])
})
