// One demo container's process: harmless, small, and each kind behaves differently. Runs as nobody.
// Usage: worker.mjs KIND FOLDER
import { spawn } from 'node:child_process'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const [, , kind = '', folder = '/tmp'] = process.argv
const PARENT = process.ppid

/** Burns CPU for `share` of each 100 ms. */
const burn = (/** @type {() => number} */ share) =>
  setInterval(() => {
    const end = performance.now() + 100 * share()
    while (performance.now() < end);
  }, 100)

const MIB = 1024 * 1024

const kinds = {
  'steady-cpu': () => burn(() => 0.25),
  // Six seconds on, fourteen seconds off.
  'bursty-cpu': () => burn(() => (Math.floor(Date.now() / 1000) % 20 < 6 ? 0.6 : 0.01)),
  // Between 16 and 112 MiB over a minute, up and down.
  'breathing-memory': () => {
    /** @type {Buffer[]} */
    const held = []
    setInterval(() => {
      const phase = (Date.now() / 1000) % 60
      const wanted = Math.round(2 + 12 * (phase < 30 ? phase / 30 : 2 - phase / 30))
      while (held.length < wanted) held.push(Buffer.alloc(8 * MIB, 1))
      while (held.length > wanted) held.pop()
      globalThis.gc?.()
    }, 500)
  },
  'disk-writer': () => {
    const path = join(folder, 'disk-writer.tmp')
    const chunk = Buffer.alloc(MIB, 7)
    process.on('exit', () => rmSync(path, { force: true }))
    setInterval(() => {
      const fd = openSync(path, 'w')
      for (let i = 0; i < 2; i++) writeSync(fd, chunk)
      fsyncSync(fd)
      closeSync(fd)
    }, 1000)
  },
  'fork-happy': () => setInterval(() => spawn('sleep', ['0.5'], { stdio: 'ignore' }), 200),
  idle: () => setInterval(() => {}, 60_000),
}

if (!Object.hasOwn(kinds, kind)) {
  console.error(`unknown demo container "${kind}"; there are: ${Object.keys(kinds).join(', ')}`)
  process.exit(2)
}
process.title = `corral-demo ${kind}`
if (process.getuid?.() === 0) {
  process.setgroups?.([])
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
// The launcher may be killed: then nobody else would end this process.
setInterval(() => process.ppid !== PARENT && process.exit(0), 1000)
kinds[/** @type {keyof typeof kinds} */ (kind)]()
