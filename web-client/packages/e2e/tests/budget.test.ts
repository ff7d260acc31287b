// What a browser loads before it shows anything.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const MOST_BYTES = 162_000
const dist = join(import.meta.dirname, '../../app/dist')

test('the first load has at most 162 kB of scripts', () => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '')
  expect(files.length).toBeGreaterThan(0)
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0)
  expect(bytes, `${files.join(', ')}: ${bytes} bytes in gzip`).toBeLessThanOrEqual(MOST_BYTES)
})
