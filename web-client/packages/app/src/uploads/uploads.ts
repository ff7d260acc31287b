// What the page knows of a person's uploads, and the desk that does the work: it is loaded beside the first picture, not
// before it.

import type { OrderId } from '@order-chat/client'
import type { Api } from '../session/api'
import { Value } from '../store'
import type { UploadDesk } from './desk'
import type { List, Refusal, Upload } from './upload'

export class Uploads {
  readonly all = new Value<readonly Upload[]>([])
  private readonly api: Api
  private readonly user: string
  private desk: Promise<UploadDesk> | undefined
  private over = false

  constructor(api: Api, user: string) {
    this.api = api
    this.user = user
    // What was begun before goes on by itself.
    this.open().catch(() => undefined)
  }

  async add(order: OrderId, list: List, files: Iterable<File>): Promise<Refusal[]> {
    return (await this.open()).add(order, list, files)
  }

  async give(key: string, source: File): Promise<Refusal | undefined> {
    return (await this.open()).give(key, source)
  }

  pause(key: string): void {
    this.tell(desk => desk.pause(key))
  }

  resume(key: string): void {
    this.tell(desk => desk.resume(key))
  }

  /** Also what is part of a message or a delivery now: it stays a file of the room. */
  remove(key: string): void {
    this.tell(desk => desk.remove(key))
  }

  end(): void {
    this.over = true
    void this.desk?.then(
      desk => desk.end(),
      () => undefined,
    )
  }

  /** There is nothing to tell a desk that is not there: it is what puts uploads on the list. */
  private tell(what: (desk: UploadDesk) => void): void {
    void this.desk?.then(what, () => undefined)
  }

  private open(): Promise<UploadDesk> {
    this.desk ??= this.load()
    return this.desk
  }

  private async load(): Promise<UploadDesk> {
    try {
      const { UploadDesk } = await import('./desk')
      const desk = new UploadDesk(this.api, this.user, this.all)
      if (this.over) desk.end()
      return desk
    } catch (error) {
      // Without a network: the next file that is added asks for it again.
      this.desk = undefined
      throw error
    }
  }
}
