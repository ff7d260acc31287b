// Files on the disk, as a person has them.

import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface OnDisk {
  readonly path: string
  readonly name: string
  readonly sha256: string
}

/** Files of a test, removed with it. */
export class Disk {
  private readonly folder = mkdtemp(join(tmpdir(), 'order-chat-e2e-'))

  /** A film, as far as its first bytes go: no byte after them can be guessed, so none may be missing. */
  async film(name: string, megabytes: number): Promise<OnDisk> {
    const path = join(await this.folder, name)
    const hash = createHash('sha256')
    const file = createWriteStream(path)
    const write = async (bytes: Buffer) => {
      hash.update(bytes)
      if (!file.write(bytes)) await once(file, 'drain')
    }
    await write(
      Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), randomBytes(1000)]),
    )
    for (let n = 0; n < megabytes; n += 1) await write(randomBytes(1_000_000))
    await new Promise<void>(ended => file.end(ended))
    return { path, name, sha256: hash.digest('hex') }
  }

  async clear(): Promise<void> {
    await rm(await this.folder, { recursive: true })
  }
}
