import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_OWNER, isRoot, makeDir, repoRoot } from './paths.ts'
import { place } from './place.ts'
import { StartError, sleep } from './steps.ts'

/**
 * The demo: six real containers that behave differently, as plain groups with real processes below one group of our
 * own, in every hierarchy that measures something. What was made is written down first, so that a start after a kill
 * knows exactly what is ours to remove.
 */

export const DEMO_KINDS = ['steady-cpu', 'bursty-cpu', 'breathing-memory', 'disk-writer', 'fork-happy', 'idle'] as const

/** v1 controllers worth joining; cpuset and devices are not: a new cpuset takes no process before it is set up. */
const V1_CONTROLLERS = ['cpu', 'cpuacct', 'memory', 'blkio', 'pids', 'freezer', 'name=systemd']
const V2_CONTROLLERS = ['cpu', 'memory', 'io', 'pids']

interface DemoRecord {
  readonly bootId: string
  /** Name of the one group below each root. */
  readonly group: string
  /** Mount points of the hierarchies it was made in. */
  readonly mounts: readonly string[]
}

interface Mount {
  readonly path: string
  readonly version: 1 | 2
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Mounted hierarchies, from /proc/self/mountinfo (proc(5)): `… mountpoint … - fstype source superoptions`. */
const hierarchies = (): Mount[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line): Mount[] => {
      const [left = '', right = ''] = line.split(' - ')
      const path = left.split(' ')[4] ?? ''
      const [type, , options = ''] = right.split(' ')
      if (type === 'cgroup2') return [{ path, version: 2 }]
      const joins = type === 'cgroup' && options.split(',').some((option) => V1_CONTROLLERS.includes(option))
      return joins ? [{ path, version: 1 }] : []
    })

/** Lets the children of a v2 group be measured by every controller its parent offers. */
const enableControllers = (group: string): void => {
  const offered = readFileSync(join(group, 'cgroup.controllers'), 'utf8').trim().split(' ')
  for (const controller of V2_CONTROLLERS.filter((name) => offered.includes(name)))
    writeFileSync(join(group, 'cgroup.subtree_control'), `+${controller}`)
}

const readPids = (group: string): number[] => {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

const tryTo = (act: () => void): void => {
  try {
    act()
  } catch {
    // Gone already, or not there on this layout; the removal below is what counts.
  }
}

const folders = (record: DemoRecord): string[] =>
  record.mounts.flatMap((mount) => DEMO_KINDS.map((kind) => join(mount, record.group, kind)))

const removeGroups = async (record: DemoRecord): Promise<boolean> => {
  const end = performance.now() + 3000
  for (;;) {
    for (const folder of folders(record)) {
      // A frozen group dies only when it may run: v1 needs the thaw, v2's cgroup.kill does not.
      tryTo(() => existsSync(join(folder, 'freezer.state')) && writeFileSync(join(folder, 'freezer.state'), 'THAWED'))
      tryTo(() => existsSync(join(folder, 'cgroup.freeze')) && writeFileSync(join(folder, 'cgroup.freeze'), '0'))
      if (existsSync(join(folder, 'cgroup.kill'))) tryTo(() => writeFileSync(join(folder, 'cgroup.kill'), '1'))
      else for (const pid of readPids(folder)) tryTo(() => process.kill(pid, 'SIGKILL'))
      tryTo(() => rmdirSync(folder))
    }
    for (const mount of record.mounts) tryTo(() => rmdirSync(join(mount, record.group)))
    if (!record.mounts.some((mount) => existsSync(join(mount, record.group)))) return true
    if (performance.now() > end) return false
    await sleep(30)
  }
}

const recordFile = (dataDir: string): string => join(dataDir, 'demo.json')

/** Removes what an earlier demo left. Returns false if something could not be removed. */
export const removeDemo = async (dataDir: string): Promise<boolean> => {
  const file = recordFile(dataDir)
  if (!existsSync(file)) return true
  const record = JSON.parse(readFileSync(file, 'utf8')) as DemoRecord
  // After a reboot the groups are gone, and the same name could be somebody else's.
  const gone = record.bootId !== bootId() || (await removeGroups(record))
  if (gone) rmSync(file)
  return gone
}

/** Starts the six containers. Throws a `StartError` where groups cannot be made. */
export const startDemo = async (dataDir: string): Promise<void> => {
  if (!isRoot)
    throw new StartError('The demo makes control groups, which needs root here. Start with sudo, or without --demo.')
  const mounts = hierarchies()
  const record: DemoRecord = {
    bootId: bootId(),
    group: `corral-demo-${randomBytes(4).toString('hex')}`,
    mounts: mounts.map((mount) => mount.path),
  }
  writeFileSync(recordFile(dataDir), JSON.stringify(record))
  for (const mount of mounts) {
    const group = join(mount.path, record.group)
    mkdirSync(group)
    if (mount.version === 2) enableControllers(group)
    for (const kind of DEMO_KINDS) mkdirSync(join(group, kind))
  }
  const app = join(dataDir, 'app/demo')
  place(app, { demo: join(repoRoot, 'scripts/demo') })
  const folder = makeDir(join(dataDir, 'demo'), 0o755, DEMO_OWNER)
  for (const kind of DEMO_KINDS) {
    const moves = mounts.map((mount) => `echo $$ > "${join(mount.path, record.group, kind, 'cgroup.procs')}"`)
    // The shell moves itself before it becomes the worker: nothing of it ever ran outside its group.
    const script = `${moves.join(' && ')} && exec "$0" --expose-gc --max-old-space-size=64 "$1" "$2" "$3"`
    const child = spawn('/bin/sh', ['-c', script, process.execPath, join(app, 'demo/worker.mjs'), kind, folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    })
    child.unref()
  }
}
