import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const node = process.env.ORDER_CHAT_URL ?? 'http://127.0.0.1:8080'
// Sockets are for pages of the service's own origin; the demo wants the page's host and origin to agree, as they do.
const calls = { target: node, ws: true, changeOrigin: true, headers: { origin: new URL(node).origin } }

// What the first picture needs comes in two files, not in twenty: what seldom changes, and the rest.
const first = [
  { name: 'libraries', test: /node_modules/, tags: ['$initial' as const], priority: 1 },
  { name: 'first', tags: ['$initial' as const] },
]

export default defineConfig({
  plugins: [react(), tailwind()],
  // The SDK's source itself: types and build need no earlier build of it.
  resolve: {
    alias: { '@order-chat/client': fileURLToPath(new URL('../client/src/index.ts', import.meta.url)) },
  },
  // `/demo` itself is a page of this application; what lies below it is the service's.
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/v1': calls, '/demo/': { target: node }, '/healthz': { target: node } },
  },
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: first } } },
  },
  test: { include: ['tests/**/*.test.{ts,tsx}'] },
})
