// Chromium, and where the nodes are: what `cargo xtask web check` gives to these tests.

import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { Person } from './person'
import { hostToken, type Sent } from './token'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Both nodes, in the order of their ports. */
export function nodes(): readonly [string, string] {
  const [first, second] = (process.env.ORDER_CHAT_TEST_URLS ?? '').split(',')
  if (!first || !second) throw new Error('ORDER_CHAT_TEST_URLS names two nodes: cargo xtask web check')
  return [first, second]
}

/** The page as a service has it that is no demo. */
export async function withoutDemo(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const looking = new MutationObserver(() => document.querySelector('meta[name=order-chat-demo]')?.remove())
    looking.observe(document, { childList: true, subtree: true })
  })
  await page.route(/\/demo\//, route => route.fulfill({ status: 404 }))
}

export type Account = 'Buyer' | 'Seller' | 'Agent' | 'Admin'

/** One Chromium for a file of tests; each person has a profile of their own in it. */
export class Stage {
  private readonly browser: Browser

  private constructor(browser: Browser) {
    this.browser = browser
  }

  static async open(): Promise<Stage> {
    const executablePath = process.env.ORDER_CHAT_CHROMIUM
    if (!executablePath) throw new Error('ORDER_CHAT_CHROMIUM names the program: cargo xtask web check')
    return new Stage(await chromium.launch({ executablePath, args: FLAGS }))
  }

  /** Somebody who chose a demo account at one of the nodes; `before` sees the page before its own scripts do. */
  async person(
    account: Account,
    node: 0 | 1 = 0,
    options: BrowserContextOptions = {},
    before?: (page: Page) => Promise<void>,
  ): Promise<Person> {
    const page = await this.visitor(options)
    const person = new Person(account, nodes()[node], page)
    await person.signIn()
    // The way in speaks English, which is how a person finds their account in it.
    await before?.(page)
    return person
  }

  /** Somebody whom the host sends. */
  async sent(user: string, sent: Sent, node: 0 | 1 = 0): Promise<Person> {
    const person = new Person(user, nodes()[node], await this.visitor())
    await person.page.goto(`${person.url}/#token=${hostToken(user, 3600, sent)}`)
    await person.page.getByRole('navigation').first().waitFor()
    return person
  }

  /** Several people in one profile, each in a tab of their own: what one of them loaded is there for all. */
  async people<Who extends Account>(
    accounts: readonly Who[],
    options: BrowserContextOptions = {},
  ): Promise<{ context: BrowserContext; people: Record<Who, Person> }> {
    const context = await this.profile(options)
    const people = {} as Record<Who, Person>
    for (const account of accounts) {
      people[account] = new Person(account, nodes()[0], await context.newPage())
      await people[account].signIn()
    }
    return { context, people }
  }

  /** Somebody who is nobody yet. */
  async visitor(options: BrowserContextOptions = {}): Promise<Page> {
    return (await this.profile(options)).newPage()
  }

  private profile(options: BrowserContextOptions): Promise<BrowserContext> {
    const usual: BrowserContextOptions = {
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      locale: 'en-GB',
    }
    return this.browser.newContext({ ...usual, ...options })
  }

  /** A second tab where the first one is, signed in as the same person. */
  async anotherTab(person: Person): Promise<Person> {
    const place = person.page.url()
    const another = new Person(person.account, person.url, await person.page.context().newPage())
    await another.signIn()
    await another.page.goto(place)
    return another
  }

  /** Ends it; what was on the screens goes to `ORDER_CHAT_SCREENS`, where that names a folder. */
  async close(): Promise<void> {
    const folder = process.env.ORDER_CHAT_SCREENS
    for (const [number, context] of folder ? this.browser.contexts().entries() : [])
      for (const page of context.pages()) await page.screenshot({ path: `${folder}/${number}.png` })
    await this.browser.close()
  }
}
