// The line between a page and its node, which can be cut and mended: Chromium's own “offline” leaves open sockets open.

import type { Page, WebSocketRoute } from 'playwright-core'

/** As a proxy closes what it cannot serve. */
const CUT = { code: 1012, reason: 'cut' }

export class Cable {
  private isCut = false
  private readonly lines = new Set<WebSocketRoute>()

  /** Of what the page opens from its next loading on. */
  static async of(page: Page): Promise<Cable> {
    const cable = new Cable()
    await page.routeWebSocket(/^wss?:/, line => cable.opened(line))
    return cable
  }

  async cut(): Promise<void> {
    this.isCut = true
    const lines = [...this.lines]
    this.lines.clear()
    await Promise.all(lines.map(line => line.close(CUT)))
  }

  mend(): void {
    this.isCut = false
  }

  private opened(line: WebSocketRoute): void {
    if (this.isCut) return void line.close(CUT)
    line.connectToServer()
    this.lines.add(line)
  }
}
