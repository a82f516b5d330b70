import { readFileSync } from 'node:fs'
import type { Tally } from './lane.ts'
import { run } from './run.ts'

interface Report {
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
}

/** Runs the browser tests; a flaky test counts as failed. */
export const runPlaywright = async (): Promise<Tally> => {
  const report = 'test-results/web.json'
  const { code } = await run('node_modules/.bin/playwright', ['test', '--config', 'e2e/web/playwright.config.ts'], {
    show: true,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  })
  const { stats } = JSON.parse(readFileSync(report, 'utf8')) as Report
  return {
    passed: stats.expected,
    failed: Math.max(stats.unexpected + stats.flaky, code === 0 ? 0 : 1),
    skipped: stats.skipped,
  }
}
