// Brings the generated types of the wire here: `pnpm run protocol`. A test fails when they drift.
import { copyFileSync } from 'node:fs'

const from = new URL('../../../../crates/protocol/bindings/protocol.ts', import.meta.url)
copyFileSync(from, new URL('../src/protocol.ts', import.meta.url))
