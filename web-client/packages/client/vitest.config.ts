import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    // Real nodes on a busy machine: what is waited for has a limit of its own, and says what it is.
    testTimeout: 120_000,
  },
})
