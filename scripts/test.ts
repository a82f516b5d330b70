import type { Tally } from './lanes/lane.ts'
import { LANES } from './lanes/lanes.ts'

/** `npm test [-- LANE …]`: every lane this machine can run; the others are named with the reason. */

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !LANES.some((lane) => lane.name === name))
if (unknown.length > 0) {
  console.error(`No such lane: ${unknown.join(', ')}. There are: ${LANES.map((lane) => lane.name).join(', ')}.`)
  process.exit(2)
}

const total = { passed: 0, failed: 0, skipped: 0 }
const lines: string[] = []
const add = (tally: Tally): void => {
  total.passed += tally.passed
  total.failed += tally.failed
  total.skipped += tally.skipped
}

for (const lane of LANES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n── lane ${lane.name} ──`)
  const began = performance.now()
  const reason = await lane.prepare()
  if (reason !== null) {
    lines.push(`– lane ${lane.name}: skipped: ${reason}`)
    add({ passed: 0, failed: 0, skipped: 1 })
    continue
  }
  const tally = await lane.run()
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  const mark = tally.failed === 0 ? '✓' : '✗'
  lines.push(
    `${mark} lane ${lane.name}: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped (${seconds} s)`,
  )
  add(tally)
}

console.log(`\n${lines.join('\n')}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)
