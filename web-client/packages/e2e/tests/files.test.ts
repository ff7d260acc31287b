// Files on their way into a room: over cuts, reloads and from node to node (S47–S49, S67, D8).

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Page, Request } from 'playwright-core'
import { afterAll, afterEach, expect, test } from 'vitest'
import { Disk, type OnDisk } from '../src/bytes'
import { market, stage } from '../src/opened'
import type { Person } from '../src/person'
import { accepted, type Parties, placed } from '../src/scenes'
import { nodes, type Stage } from '../src/stage'
import { hostToken } from '../src/token'

const PIECE = 8 * 1024 * 1024
const PATIENCE = { timeout: 60_000 }

let people: Person[] = []
const disk = new Disk()
afterEach(() => {
  const complaints = people.flatMap(person => person.complaints)
  people = []
  expect(complaints).toEqual([])
})
afterAll(() => disk.clear())

async function on(scene: (stage: Stage) => Promise<Parties>): Promise<Parties> {
  const parties = await scene(stage)
  people.push(parties.buyer, parties.seller)
  return parties
}

const attach = ({ page }: Person, files: string | Parameters<Page['setInputFiles']>[1]) =>
  page.locator('main section input[type=file][multiple]').setInputFiles(files)

const isPiece = (request: Request) => request.method() === 'PATCH' && request.url().includes('/v1/uploads/')

const line = ({ page }: Person, name: string) => page.getByRole('listitem').filter({ hasText: name })

/** The bytes that somebody gets who presses the name of a file. */
async function saved({ page, timeline }: Person, name: string): Promise<string> {
  const file = timeline.getByRole('button', { name: `Download ${name}` }).first()
  await file.waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(await download.path())) hash.update(bytes)
  return hash.digest('hex')
}

/** Lets so many pieces of each upload through and leaves the next without an answer, until it is told otherwise. */
async function stuckAfter({ page }: Person, pieces: number): Promise<() => void> {
  const sent = new Map<string, number>()
  let stuck = true
  await page.route(/\/v1\/uploads\//, route => {
    const request = route.request()
    if (request.method() !== 'PATCH' || !stuck) return route.continue()
    const before = sent.get(request.url()) ?? 0
    sent.set(request.url(), before + 1)
    return before < pieces ? route.continue() : undefined
  })
  return () => {
    stuck = false
  }
}

test('what cannot be taken is said at once, and what was written stays', async () => {
  const { buyer } = await on(placed)
  await buyer.composer.fill('with these')
  const text = (name: string, text: string) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  })
  await attach(buyer, [
    text('nothing.txt', ''),
    text('page.html', '<p onclick=alert(1)>'),
    text('notes.txt', 'kept'),
  ])
  await buyer.page.getByText('nothing.txt is empty').waitFor()
  await line(buyer, 'page.html').getByText('Files of this kind are not taken').waitFor()
  expect(await buyer.button('Try page.html again').count()).toBe(0)
  await buyer.button('Remove notes.txt').waitFor()
  const begun: string[] = []
  buyer.page.on('request', request => {
    if (request.method() !== 'GET' && /\/files$|\/v1\/uploads/.test(request.url())) begun.push(request.url())
  })
  await buyer.page.reload()
  await buyer.button('Remove notes.txt').waitFor()
  // What was refused is refused still, and is not sent anew.
  await line(buyer, 'page.html').getByText('Files of this kind are not taken').waitFor()
  expect(begun).toEqual([])
  await buyer.button('Cancel page.html').click()
  expect(await buyer.composer.inputValue()).toBe('with these')
  await buyer.button('Send').click()
  await buyer.timeline.getByRole('button', { name: 'Download notes.txt' }).waitFor()
  await expect.poll(() => buyer.button('Remove notes.txt').count()).toBe(0)
})

test('what stopped because the sign-in ended goes on when the host signs the person in again', async () => {
  // Whom the demo does not know has no newer token than the host gave.
  const user = `u-${crypto.randomUUID().slice(0, 8)}`
  const buyer = await stage.sent(user, { name: 'Buyer' })
  people.push(buyer)
  const { page } = buyer
  const order = await market.place('Film', { buyer: user })
  await page.goto(`${buyer.url}/orders/${order}`)
  await buyer.composer.waitFor()
  const calls = /\/v1\/(uploads|orders\/[^/]+\/files)/
  await page.route(calls, route =>
    route.request().method() === 'OPTIONS' ? route.continue() : route.fulfill({ status: 401, body: '{}' }),
  )
  await attach(buyer, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('kept') })
  await line(buyer, 'notes.txt').getByText('Your sign-in has ended').waitFor()
  await page.unroute(calls)
  await page.evaluate(
    token => {
      window.location.hash = `token=${token}`
    },
    hostToken(user, 3000, { name: 'Buyer' }),
  )
  await buyer.button('Remove notes.txt').waitFor()
})

test('more than fifty files are not lost without a word', async () => {
  const { buyer } = await on(placed)
  const many = Array.from({ length: 52 }, (_, n) => ({
    name: `n${n}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(`number ${n}`),
  }))
  await attach(buyer, many)
  await buyer.page.getByText('n50.txt was not added').waitFor()
  await buyer.page.getByText('n51.txt was not added').waitFor()
  await expect.poll(() => buyer.button(/^Remove n\d+\.txt$/).count(), PATIENCE).toBe(50)
})

test('an upload is paused, goes on where it was, and is dragged in', async () => {
  const { buyer, seller } = await on(placed)
  const film = await disk.film('paused.mp4', 20)
  const free = await stuckAfter(buyer, 1)
  await attach(buyer, film.path)
  await line(buyer, film.name).getByText('8.4 MB of 20 MB').waitFor()
  await buyer.button(`Pause ${film.name}`).click()
  await line(buyer, film.name).getByText('· paused').waitFor()
  free()
  const next = buyer.page.waitForRequest(isPiece)
  await buyer.button(`Go on with ${film.name}`).click()
  expect((await next).headers()['upload-offset']).toBe(String(PIECE))
  await buyer.button(`Remove ${film.name}`).waitFor()

  const dragged = await buyer.page.evaluateHandle(() => {
    const data = new DataTransfer()
    data.items.add(new File(['dragged'], 'dragged.txt'))
    return data
  })
  await buyer.page.dispatchEvent('main', 'dragover', { dataTransfer: dragged })
  await buyer.page.getByText('Drop files to add them').waitFor()
  await buyer.page.dispatchEvent('main', 'drop', { dataTransfer: dragged })
  await buyer.button('Remove dragged.txt').waitFor()
  await buyer.button('Send').click()
  expect(await saved(seller, film.name)).toBe(film.sha256)
})

test('after a reload a small file goes on by itself, a large one when it is chosen again', async () => {
  const { seller, buyer } = await on(accepted)
  const small = await disk.film('small.mp4', 20)
  const large = await disk.film('large.mp4', 60)
  const other = await disk.film('other.mp4', 1)
  const free = await stuckAfter(seller, 1)
  await seller.chooses('Upload files')
  await seller.dialog.getByLabel('Note').fill('as agreed')
  await seller.dialog.locator('input[type=file][multiple]').setInputFiles([small.path, large.path])
  for (const { name } of [small, large]) await line(seller, name).getByText('8.4 MB of').waitFor()

  free()
  const next = seller.page.waitForRequest(isPiece)
  await seller.page.reload()
  expect((await next).headers()['upload-offset']).toBe(String(PIECE))
  await seller.page.getByText('Upload files: 2 files are kept here').waitFor()
  await seller.button('Go on').click()
  await seller.button(`Remove ${small.name}`).waitFor()
  expect(await seller.dialog.getByLabel('Note').inputValue()).toBe('as agreed')
  await seller.page.getByText('8.4 MB of 60 MB is uploaded: choose the file again').waitFor()

  const again = seller.page.getByLabel(`Choose ${large.name} again`)
  await again.setInputFiles(other.path)
  await seller.page.getByText('That is another file').waitFor()
  const more = seller.page.waitForRequest(isPiece)
  await again.setInputFiles(large.path)
  expect((await more).headers()['upload-offset']).toBe(String(PIECE))
  await seller.button(`Remove ${large.name}`).waitFor()
  await seller.submits('Deliver')
  expect(await saved(buyer, large.name)).toBe(large.sha256)
})

test('a large file comes whole over cuts and from one node to the other', async () => {
  const { buyer, seller } = await on(placed)
  const film: OnDisk = await disk.film('film.mp4', 200)
  let pieces = 0
  // Every fourth piece is cut, and then the other node has its turn.
  await buyer.page.route(/\/v1\/uploads\//, route => {
    const request = route.request()
    const [one, two] = nodes()
    const node = Math.floor(pieces / 4) % 2 === 0 ? one : two
    if (request.method() === 'PATCH') pieces += 1
    if (request.method() === 'PATCH' && pieces % 4 === 0) return route.abort('connectionreset')
    return route.continue({ url: request.url().replace(/^http:\/\/[^/]+/, node) })
  })
  await attach(buyer, film.path)
  await expect.poll(() => pieces, PATIENCE).toBeGreaterThan(4)
  await buyer.page.context().setOffline(true)
  await line(buyer, film.name).getByText('goes on by itself').waitFor()
  await buyer.page.context().setOffline(false)
  await buyer.button(`Remove ${film.name}`).waitFor({ timeout: 200_000 })
  expect(pieces).toBeGreaterThan(25)
  await buyer.page.unrouteAll({ behavior: 'ignoreErrors' })
  await buyer.button('Send').click()
  expect(await saved(seller, film.name)).toBe(film.sha256)
})

test('D8: a delivery says what changed, and what was asked for is ticked off beside it', async () => {
  const { buyer, seller } = await on(accepted)
  const text = (name: string, text: string) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  })
  const deliver = async (files: ReturnType<typeof text>[]) => {
    await seller.chooses('Upload files')
    await seller.dialog.locator('input[type=file][multiple]').setInputFiles(files)
    for (const { name } of files) await seller.dialog.getByText(name).first().waitFor()
    await seller.submits('Deliver')
  }
  await deliver([text('cut.txt', 'one'), text('notes.txt', 'about it'), text('old.txt', 'old')])
  await buyer.takesTheStep('Ask for changes')
  await buyer.dialog.getByRole('textbox').first().fill('Two things')
  await buyer.dialog.getByLabel('One change 1').fill('Brighter')
  // Enter begins the next, and what is typed stands there.
  await buyer.page.keyboard.type('\nShorter')
  await expect.poll(() => buyer.dialog.getByLabel('One change 2').inputValue()).toBe('Shorter')
  await buyer.submits('Ask for changes')
  await deliver([text('cut.txt', 'two'), text('notes.txt', 'about it'), text('more.txt', 'more')])

  const card = buyer.page.getByRole('article', { name: /^Delivery 2/ })
  const row = (name: string) => card.getByRole('listitem').filter({ hasText: name })
  await row('cut.txt').getByText('Changed').waitFor()
  await row('notes.txt').getByText('Same').waitFor()
  await row('more.txt').getByText('New', { exact: true }).waitFor()
  await row('old.txt').getByText('Not in it any more').waitFor()
  await row('cut.txt').getByTitle('SHA-256').click()
  const hash = createHash('sha256').update('two').digest('hex')
  await row('cut.txt').getByText(hash).waitFor()
  await row('cut.txt').getByRole('button', { name: 'Check the bytes' }).click()
  await row('cut.txt').getByText('These are the bytes that were delivered').waitFor()
  await card.getByRole('checkbox', { name: 'Brighter' }).check()
  await card.getByText('1 of 2 ticked').waitFor()
  await buyer.page.reload()
  await card.getByText('1 of 2 ticked').waitFor()
})

test('D8: what is accepted is what was looked at, not what came meanwhile', async () => {
  const { buyer, seller, listing } = await on(accepted)
  const phone = await stage.person('Buyer', 1)
  people.push(phone)
  await phone.open(listing)
  const deliver = async (where: string) => {
    await seller.chooses('Delivered outside of the platform')
    await seller.dialog.getByLabel('Where was it delivered?').fill(where)
    await seller.submits('Mark as delivered')
  }
  const askOnThePhone = async (revision: number) => {
    await phone.takesTheStep('Ask for changes')
    await phone.dialog.getByRole('textbox').first().fill('Not quite')
    await phone.submits('Ask for changes')
    await seller.reads(`(revision ${revision})`)
  }
  await deliver('the first place')
  await buyer.takesTheStep('Accept the delivery')
  await buyer.dialog.getByText('the first place').waitFor()
  await askOnThePhone(1)
  await deliver('the second place')
  await buyer.dialog.getByText('Delivery 2 has come meanwhile').waitFor()
  expect(await buyer.dialog.getByRole('button', { name: 'Accept delivery' }).isDisabled()).toBe(true)
  await buyer.dialog.getByRole('button', { name: 'Show delivery 2' }).click()
  await buyer.dialog.getByText('the second place').waitFor()

  // Nobody could tell this screen of the third one: the service refuses, and it is said why.
  await buyer.page.context().setOffline(true)
  await buyer.page.getByText('You are offline').waitFor()
  await askOnThePhone(2)
  await deliver('the third place')
  await buyer.dialog.getByRole('button', { name: 'Accept delivery' }).click()
  await buyer.page.context().setOffline(false)
  await buyer.dialog.getByText('A newer delivery has come meanwhile, so nothing was decided').waitFor()
  await buyer.dialog.getByRole('button', { name: 'Show delivery 3' }).click()
  await buyer.dialog.getByText('the third place').waitFor()
  await buyer.submits('Accept delivery')
  await seller.statusSays('Completed')
})

test('an upload that outlives its token goes on with another one, from where it is', async () => {
  const { seller } = await on(placed)
  const film = await disk.film('outlives.mp4', 18)
  const begun: string[] = []
  const offsets: string[] = []
  seller.page.on('request', request => {
    if (request.method() === 'POST' && request.url().endsWith('/files')) begun.push(request.url())
  })
  await seller.page.route(/\/v1\/uploads\//, async route => {
    const headers = await route.request().allHeaders()
    if (!isPiece(route.request())) return route.continue()
    offsets.push(headers['upload-offset'] ?? '')
    const over = offsets.length === 2
    return route.continue(
      over ? { headers: { ...headers, authorization: `Bearer ${hostToken('seller', -60)}` } } : {},
    )
  })
  const refused = seller.page.waitForResponse(answer => isPiece(answer.request()) && answer.status() === 401)
  await attach(seller, film.path)
  await refused
  await seller.button(`Remove ${film.name}`).waitFor(PATIENCE)
  await expect.poll(() => seller.button('Send').isEnabled(), PATIENCE).toBe(true)
  await seller.button('Send').click()
  expect(await saved(seller, film.name)).toBe(film.sha256)
  expect(begun).toHaveLength(1)
  expect(offsets).toEqual([0, PIECE, PIECE, 2 * PIECE].map(String))
})

test('images are shown in the chat and large, one after the other, by keys too', async () => {
  const { buyer, seller } = await on(placed)
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DAwMAAAAYGAQAUF0ADAAAAAElFTkSuQmCC',
    'base64',
  )
  await attach(seller, [
    { name: 'one.png', mimeType: 'image/png', buffer: png },
    { name: 'two.png', mimeType: 'image/png', buffer: Buffer.concat([png, Buffer.from('x')]) },
    { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') },
  ])
  for (const name of ['one.png', 'two.png', 'paper.pdf']) await seller.button(`Remove ${name}`).waitFor()
  await seller.button('Send').click()
  const thumb = buyer.timeline.getByRole('button', { name: 'Show one.png' })
  await expect.poll(() => thumb.locator('img').evaluate(sized)).toBe(2)
  await thumb.click()
  await buyer.dialog.getByText('1 of 3').waitFor()
  await buyer.page.keyboard.press('ArrowRight')
  await buyer.dialog.getByText('2 of 3').waitFor()
  await expect.poll(() => buyer.dialog.locator('img').evaluate(sized)).toBe(2)
  await buyer.page.keyboard.press('ArrowRight')
  await buyer.dialog.getByRole('link', { name: 'Open in a new tab' }).waitFor()
  await buyer.page.keyboard.press('Escape')
  await buyer.dialog.waitFor({ state: 'detached' })
})

/** How wide it is by itself: 0 until it is there. */
function sized(image: Element): number {
  return (image as unknown as { naturalWidth: number }).naturalWidth
}
