// People who say very much: on sockets of their own, in a Chromium beside the one that is looked at.

import type { Page } from 'playwright-core'
import type { Marketplace } from './marketplace'
import { nodes, type Stage } from './stage'

/** Not answered yet, in each socket: the limits of the service pace it, where it has any. */
const AT_ONCE = 200

export class Crowd {
  private readonly page: Page
  private readonly market: Marketplace

  private constructor(page: Page, market: Marketplace) {
    this.page = page
    this.market = market
  }

  static async open(stage: Stage, market: Marketplace): Promise<Crowd> {
    const page = await stage.visitor()
    await page.goto(`${nodes()[0]}/demo`)
    return new Crowd(page, market)
  }

  /** So many messages, as fast as they are taken; each user says an equal part, `text 1` and so on. */
  async fill(order: string, users: readonly string[], count: number): Promise<void> {
    const each = Math.ceil(count / users.length)
    const speak = users.map(user => this.speak(order, user, { count: each, atOnce: AT_ONCE, everyMs: 0 }))
    await Promise.all(speak)
  }

  /** One message every so often, whatever became of the last one. */
  async talk(order: string, user: string, count: number, everyMs: number): Promise<void> {
    await this.speak(order, user, { count, atOnce: count, everyMs })
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }

  private async speak(order: string, user: string, how: Omit<Speech, 'order' | 'user' | 'token'>) {
    const token = this.market.tokenOf(user)
    await this.page.evaluate(speech, { order, user, token, ...how })
  }
}

interface Speech {
  readonly order: string
  readonly user: string
  readonly token: string
  readonly count: number
  readonly atOnce: number
  readonly everyMs: number
}

/** In the page: resolves when all of it is stored. */
function speech({ order, user, token, count, atOnce, everyMs }: Speech): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/socket`, 'order-chat.v1')
    const frames: Record<number, string> = {}
    let said = 0
    let stored = 0
    const say = () => {
      if (said >= count) return
      const ref = ++said
      const command = { type: 'post_message', text: `${user} says ${ref}` }
      const frame = JSON.stringify({ type: 'command', ref, id: crypto.randomUUID(), order, command })
      frames[ref] = frame
      socket.send(frame)
    }
    const begin = () => {
      if (everyMs === 0) for (let n = 0; n < atOnce; n += 1) say()
      else {
        const timer = setInterval(() => {
          say()
          if (said >= count) clearInterval(timer)
        }, everyMs)
      }
    }
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', token }))
    socket.onclose = ({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`))
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data)
      if (frame.type === 'welcome') begin()
      else if (frame.type === 'rejected' && frame.retry)
        setTimeout(() => socket.send(frames[frame.ref] ?? ''), frame.retry_after_ms ?? 100)
      else if (frame.type === 'rejected') reject(new Error(frame.message))
      else if (frame.type === 'ack') {
        delete frames[frame.ref]
        stored += 1
        if (everyMs === 0) say()
        if (stored === count) {
          socket.onclose = null
          socket.close()
          resolve()
        }
      }
    }
  })
}
