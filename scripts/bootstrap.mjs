// The door of every npm command: needs nothing but Node, installs what is missing, then hands over to TypeScript.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const COMMANDS = ['start', 'test', 'verify', 'bench']

const fail = (/** @type {string} */ message) => {
  console.error(message)
  process.exit(1)
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) fail(`Corral needs Node 20.19 or newer; this is ${process.version}.`)
if (process.platform !== 'linux') fail('Corral acts on Linux control groups; it runs on Linux only.')

const [command = '', ...rest] = process.argv.slice(2)
if (!COMMANDS.includes(command)) fail(`Unknown command "${command}". There are: ${COMMANDS.join(', ')}.`)

// The stamp holds the hash of the lock file that node_modules was installed from.
const stamp = join(root, 'node_modules', '.corral-installed')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.log('• Installing packages (npm ci) …')
  const began = Date.now()
  // Install scripts stay off: every native part ships ready-made, and nothing foreign runs as root.
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (done.status !== 0) fail('npm ci failed. The lines above say why; correct it and run the same command again.')
  writeFileSync(stamp, wanted)
  console.log(`✓ Installed packages in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

const { register } = await import('tsx/esm/api')
register()
process.argv = [process.argv[0] ?? 'node', command, ...rest]
await import(new URL(`./${command}.ts`, import.meta.url).href)
