import { fileURLToPath } from 'node:url'

/** The database lane: tests against a real Postgres, which each file starts for itself. No root, no browser. */
export default {
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['{apps,packages}/*/src/**/*.db.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
}
