// Somebody at a screen: reads what is shown, presses what has a name. Nothing here goes around the page.

import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** How long something may take to be seen: nodes, Chromium and the tests share a machine. */
const SEEN_WITHIN = 40_000

export class Person {
  /** What the page complained of: scripts that failed, rules of the page's that were broken. */
  readonly complaints: string[] = []

  readonly account: string
  readonly url: string
  readonly page: Page

  constructor(account: string, url: string, page: Page) {
    this.account = account
    this.url = url
    this.page = page
    page.setDefaultTimeout(SEEN_WITHIN)
    page.on('pageerror', error => this.complaints.push(`${account}: ${error.message}`))
    page.on('console', message => {
      // A refused call and a cut network are told by the page in words; Chromium tells of them here too.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text()))
        this.complaints.push(`${account}: ${message.text()}`)
    })
  }

  async signIn(): Promise<void> {
    await this.page.goto(`${this.url}/demo`)
    await this.button(`Go on as ${this.account}`, false).click()
    await this.page.getByRole('navigation').first().waitFor()
  }

  /** Places an order in the demo's storefront; gives its id. */
  async order(listing: string): Promise<string> {
    await this.page.goto(`${this.url}/demo`)
    await this.page.getByLabel('Listing').fill(listing)
    await this.button('Place order').click()
    await this.page.waitForURL(/\/orders\//)
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? ''
  }

  /** Opens a conversation from the list. */
  async open(listing: string): Promise<void> {
    await this.page.goto(`${this.url}/orders`)
    const search = this.page.getByRole('searchbox')
    await search.fill(listing)
    await this.page.getByRole('link', { name: listing }).first().click()
    await this.page.getByRole('heading', { name: listing }).first().waitFor()
    if (await search.isVisible()) await search.fill('')
  }

  /** Opens a case from the queue of the desk. */
  async openCase(listing: string): Promise<void> {
    await this.page.goto(`${this.url}/desk`)
    await this.page.getByRole('link', { name: listing }).first().click()
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
    await expect.poll(() => this.composer.inputValue(), { timeout: SEEN_WITHIN }).toBe('')
  }

  /** Waits until the timeline shows this. */
  async reads(text: string | RegExp): Promise<void> {
    await this.timeline.getByText(text).first().waitFor()
  }

  /** Waits until the bar above the composer says this. */
  async isTold(text: string | RegExp): Promise<void> {
    await this.nextStep.getByText(text).waitFor()
  }

  /** Waits until the panel beside the timeline says this. */
  async statusSays(text: string): Promise<void> {
    await this.status.getByText(text).first().waitFor()
  }

  /** The button of the next step, which opens its dialog. */
  async takesTheStep(name: string): Promise<void> {
    await this.nextStep.getByRole('button', { name }).click()
  }

  /** An action of the menu that opens upward. */
  async chooses(name: string): Promise<void> {
    await this.button('Order actions').click()
    await this.page.getByRole('menuitem', { name, exact: true }).click()
  }

  /** Presses the last button of the dialog and waits until it has done it. */
  async submits(name: string): Promise<void> {
    await this.dialog.getByRole('button', { name, exact: true }).click()
    await this.dialog.waitFor({ state: 'detached' })
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' })
  }

  get timeline(): Locator {
    return this.page.getByRole('log', { name: 'Timeline' })
  }

  get nextStep(): Locator {
    return this.page.getByRole('region', { name: 'Next step' })
  }

  get status(): Locator {
    return this.page.getByRole('complementary', { name: 'Order status' })
  }

  button(name: string | RegExp, exact = true): Locator {
    return this.page.getByRole('button', { name, exact })
  }
}
