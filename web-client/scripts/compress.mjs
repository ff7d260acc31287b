// Writes app.js.br and app.js.gz beside every app.js of a built folder, where that saves something: the gateway
// serves them to browsers that take them. `node scripts/compress.mjs packages/app/dist`, after every build.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const TEXT = /\.(css|html|js|json|map|mjs|svg|txt|wasm|webmanifest)$/
const BYTES_MIN = 1024

const brotli = bytes =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
const SIBLINGS = { br: brotli, gz: bytes => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }) }

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('compress.mjs needs the folder of a build')

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.test(entry.name)) continue
  const path = join(entry.parentPath ?? entry.path, entry.name)
  const bytes = readFileSync(path)
  if (bytes.length < BYTES_MIN) continue
  for (const [extension, pack] of Object.entries(SIBLINGS)) {
    const packed = pack(bytes)
    if (packed.length < bytes.length) writeFileSync(`${path}.${extension}`, packed)
  }
}
