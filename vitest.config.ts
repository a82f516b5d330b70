import { defineConfig } from 'vitest/config'

/** The unit lane: pure and temp-dir tests beside the code; no root, no database, no browser. */
export default defineConfig({
  test: {
    include: ['{apps,packages}/**/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/*.db.test.ts', '**/node_modules/**'],
  },
})
