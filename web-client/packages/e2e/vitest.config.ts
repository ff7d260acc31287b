import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    // A person at a screen on a busy machine: what is waited for has a limit of its own, and says what it is.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // A machine that stands still for a moment is none of ours; what passed at its second attempt only is told at the end.
    retry: 1,
    // A page that is closed while one of its calls is held up: nobody waits for that call any more.
    onUnhandledError: ({ message = '' }) => !/has been (closed|disposed)/.test(message),
    // One Chromium at a time.
    fileParallelism: false,
  },
})
