import { spawnSync } from 'node:child_process'
import { repoRoot } from './launch/paths.ts'

/** `npm test`: every lane there is. Lanes that are not written yet are named, so that silence is never success. */

const NOT_WRITTEN = ['database (*.db.test.ts)', 'host (e2e/host)', 'web (e2e/web)']

const done = spawnSync('node_modules/.bin/vitest', ['run', '--reporter=json'], { cwd: repoRoot, encoding: 'utf8' })
const start = done.stdout.indexOf('{')
if (start < 0) {
  console.log(done.stdout, done.stderr)
  process.exit(1)
}
const report = JSON.parse(done.stdout.slice(start)) as {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { name: string; message: string; assertionResults: { fullName: string; status: string }[] }[]
}
for (const file of report.testResults) {
  for (const test of file.assertionResults) console.log(`${test.status === 'passed' ? '✓' : '✗'} ${test.fullName}`)
  if (file.message) console.log(file.message)
}
for (const lane of NOT_WRITTEN) console.log(`– skipped lane: ${lane}: not written yet`)
console.log(
  `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests + NOT_WRITTEN.length} skipped`,
)
process.exit(done.status ?? 1)
