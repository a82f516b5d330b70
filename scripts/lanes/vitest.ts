import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tally } from './lane.ts'
import { run } from './run.ts'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}

/** Runs Vitest with one configuration. A file that fails before its first test counts as one failed test. */
export const runVitest = async (config: string): Promise<Tally> => {
  const folder = mkdtempSync(join(tmpdir(), 'corral-vitest-'))
  const file = join(folder, 'report.json')
  try {
    const { code, output } = await run(
      'node_modules/.bin/vitest',
      ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
      { show: true },
    )
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1)
    if (report.numPassedTests + failed === 0) throw new Error(`no test ran with ${config}:\n${output}`)
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
