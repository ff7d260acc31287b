// Lighthouse on the main screens of a demo service, by the page's own doors:
//
//   node scripts/lighthouse.mjs --node http://127.0.0.1:8080 --chromium /usr/bin/chromium [--least 95] [--desktop] [--only accessibility,seo]
//
// Prints the score of each category and what costs points; ends with 1 when a score is below the least. Performance depends on
// the machine: a screen that is below is looked at twice more, and the run in the middle counts.

import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: 'http://127.0.0.1:8080' },
    chromium: { type: 'string', default: process.env.ORDER_CHAT_CHROMIUM ?? '/usr/bin/chromium' },
    least: { type: 'string', default: '95' },
    only: { type: 'string', default: 'performance,accessibility,best-practices,seo' },
    desktop: { type: 'boolean', default: false },
  },
})
const from = createRequire(new URL('../packages/e2e/package.json', import.meta.url))
const { default: lighthouse, desktopConfig } = await import(from.resolve('lighthouse'))
const { chromium } = from('playwright-core')

const ask = async (user, path, body) => {
  const headers = { authorization: `Bearer ${tokens[user]}`, 'content-type': 'application/json' }
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
  const answer = await fetch(values.node + path, init)
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const { accounts } = await (await fetch(`${values.node}/demo/accounts`)).json()
const tokens = Object.fromEntries(accounts.map(({ user, token }) => [user, token]))

async function anOrder() {
  const { order } = await ask('buyer', '/demo/orders', {
    policy: 'creator',
    listing: { id: 'L-1', title: 'Product film, 30 seconds' },
    price: { amount: 15_000, currency: 'USD' },
    delivery_days: 7,
    revisions: 2,
    payment: 'paid',
  })
  const steps = [
    ['seller', { type: 'accept_order' }],
    ['buyer', { type: 'post_message', text: 'Hello! When do you begin?' }],
    ['seller', { type: 'post_message', text: 'Tomorrow.' }],
    ['seller', { type: 'deliver_external', where: 'On a disk, by post' }],
  ]
  for (const [user, command] of steps)
    await ask(user, `/v1/orders/${order}/commands`, { id: crypto.randomUUID(), command })
  return order
}

const freePort = () =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const order = await anOrder()
const screens = {
  'sign-in': '/demo',
  home: `/#token=${tokens.buyer}`,
  orders: `/orders#token=${tokens.buyer}`,
  room: `/orders/${order}#token=${tokens.seller}`,
  desk: `/desk#token=${tokens.agent}`,
}
const port = await freePort()
const browser = await chromium.launch({
  executablePath: values.chromium,
  args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
})
let least = 100

async function run(address) {
  const flags = { port, onlyCategories: values.only.split(','), logLevel: 'error' }
  const { lhr } = await lighthouse(address, flags, values.desktop ? desktopConfig : undefined)
  return lhr
}

/** Nothing, where Lighthouse lost the trace; whatever was not asked for is no reason to look again. */
const speed = ({ categories: { performance } }) => (performance ? (performance.score ?? 0) * 100 : 100)

/** This machine has other work at times. */
async function fairly(address) {
  const first = await run(address)
  if (speed(first) >= Number(values.least)) return first
  const runs = [first, await run(address), await run(address)]
  return runs.sort((a, b) => speed(a) - speed(b))[1]
}

try {
  for (const [name, path] of Object.entries(screens)) {
    const lhr = await fairly(values.node + path)
    const scores = Object.values(lhr.categories).map(({ id, score }) => {
      const points = Math.round((score ?? 0) * 100)
      least = Math.min(least, points)
      return `${id} ${points}`
    })
    process.stdout.write(`${name.padEnd(8)} ${scores.join(' · ')}\n`)
    if (lhr.runtimeError) process.stdout.write(`         ${lhr.runtimeError.message}\n`)
    const refs = Object.values(lhr.categories).flatMap(({ auditRefs }) =>
      auditRefs.filter(({ weight }) => weight > 0),
    )
    for (const id of new Set(refs.map(({ id }) => id))) {
      const { score, title, displayValue = '', details } = lhr.audits[id]
      if (score === null || score >= 0.9) continue
      const where = (details?.items ?? [])
        .slice(0, 2)
        .map(item => item.node?.snippet ?? item.description ?? item.source ?? '')
      process.stdout.write(`         ${id}: ${title} ${displayValue} ${where.join(' | ').slice(0, 200)}\n`)
    }
  }
} finally {
  await browser.close()
}
if (least < Number(values.least)) {
  process.stdout.write(`the least is ${least}, below ${values.least}\n`)
  process.exitCode = 1
}
