// A cable that can be cut: TCP to one node, and everything that networks do to it.

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** reset: both ends at once · half_close: the node's side ends, the client's stays open a while without an answer ·
 * black_hole: nothing passes any more, and nobody is told. */
export type Fault = 'reset' | 'half_close' | 'black_hole'

/** After how many bytes a connection breaks, and how; undefined: it holds. */
export type Fate = () => { readonly afterBytes: number; readonly fault: Fault } | undefined

interface Pair {
  readonly client: Socket
  readonly node: Socket
  black: boolean
}

export class Cable {
  /** Connections so far. */
  accepted = 0
  /** Of those, WebSockets: HTTP goes through the same cable. */
  sockets = 0
  private readonly pairs = new Set<Pair>()
  private readonly server: Server
  private readonly node: URL
  private refusing = false
  private delayMs = 0
  private fate: Fate

  private constructor(node: string, fate: Fate) {
    this.node = new URL(node)
    this.fate = fate
    this.server = createServer(client => this.accept(client))
  }

  static async to(node: string, fate: Fate = () => undefined): Promise<Cable> {
    const cable = new Cable(node, fate)
    await new Promise<void>(listening => cable.server.listen(0, '127.0.0.1', listening))
    return cable
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get open(): number {
    return this.pairs.size
  }

  /** Breaks what is open. */
  cut(fault: Fault = 'reset'): void {
    for (const pair of [...this.pairs]) this.hurt(pair, fault)
  }

  /** Nobody gets through, or everybody does. */
  refuse(refusing: boolean): void {
    this.refusing = refusing
    if (refusing) this.cut()
  }

  /** Every chunk comes this much later. */
  delay(ms: number): void {
    this.delayMs = ms
  }

  /** From now on the cable holds. */
  mend(): void {
    this.fate = () => undefined
    this.delayMs = 0
    this.refusing = false
  }

  close(): void {
    this.cut()
    this.server.close()
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.resetAndDestroy()
      return
    }
    this.accepted += 1
    const node = connect(Number(this.node.port), this.node.hostname)
    const pair: Pair = { client, node, black: false }
    this.pairs.add(pair)
    const fate = this.fate()
    let left = fate?.afterBytes ?? Number.POSITIVE_INFINITY
    const carry = (from: Socket, to: Socket) => {
      from.on('error', () => {})
      from.on('close', () => this.drop(pair))
      from.on('data', data => {
        if (pair.black) return
        const passes = data.subarray(0, left)
        left -= data.length
        this.later(() => to.writable && !pair.black && to.write(passes))
        if (left <= 0 && fate) this.later(() => this.hurt(pair, fate.fault))
      })
    }
    client.once('data', head => {
      if (head.includes('GET /v1/socket ')) this.sockets += 1
    })
    carry(client, node)
    carry(node, client)
  }

  private later(run: () => void): void {
    if (this.delayMs > 0) setTimeout(run, this.delayMs)
    else run()
  }

  private hurt(pair: Pair, fault: Fault): void {
    if (fault === 'reset') {
      pair.client.resetAndDestroy()
      pair.node.resetAndDestroy()
    } else if (fault === 'half_close') pair.client.end()
    else pair.black = true
  }

  private drop(pair: Pair): void {
    if (!this.pairs.delete(pair)) return
    pair.client.destroy()
    pair.node.destroy()
  }
}
