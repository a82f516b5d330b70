import { defineConfig } from 'vitest/config'

/** The host lane: root and a real kernel. One file after the other: they measure, and must not disturb each other. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['**/*.host.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
})
