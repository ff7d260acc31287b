// A socket that says what a test lets it say.

import { fixtures } from './files.js'

export const welcome = {
  ...(fixtures('server').find(({ name }) => name === 'welcome.json')?.cases[0]?.frame as object),
  user: 'me',
}

export class Socket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onerror: (() => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  bufferedAmount = 0
  closed = false
  readonly sent: { type: string }[] = []
  readonly address: string

  constructor(address: string) {
    this.address = address
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data))
  }

  close(): void {
    this.closed = true
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}
