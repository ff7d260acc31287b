// Lighthouse on the main screens. What depends on the machine is measured by scripts/lighthouse.mjs and asserted nowhere.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { nodes } from '../src/stage'

const script = join(import.meta.dirname, '../../../scripts/lighthouse.mjs')

test('accessibility, best practices and what search engines read: at least 95 of 100', async () => {
  const only = ['--only', 'accessibility,best-practices,seo', '--least', '95']
  const run = promisify(execFile)(process.execPath, [script, '--node', nodes()[0], ...only])
  const { stdout } = await run.catch((error: { stdout?: string }) => {
    throw new Error(error.stdout, { cause: error })
  })
  expect(stdout.match(/accessibility \d+/g)).toHaveLength(5)
})
