import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { detectLayout, type GroupEntry, type GroupTarget, type Hierarchy, type HostLayout } from '@corral/cgroups'
import type { CgroupId, GroupPath } from '@corral/domain'

/** v1 trees that take a process without being set up first. */
const V1_TREES = ['cpu', 'cpuacct', 'memory', 'blkio', 'pids', 'freezer', 'name=systemd']
const V2_CONTROLLERS = ['cpu', 'io', 'memory', 'pids']
const LONGEST_WAIT_MS = 10_000

const DIRECTORY = Buffer.from('/')

/** Looks until `is` holds; fails the test when it does not come true. */
export const until = async (what: string, is: () => boolean): Promise<void> => {
  const end = performance.now() + LONGEST_WAIT_MS
  while (!is()) {
    if (performance.now() > end) throw new Error(`did not come true: ${what}`)
    await sleep(2)
  }
}

const tryTo = (act: () => void): void => {
  try {
    act()
  } catch {
    // Gone already, or not there in this tree; the removal at the end is what counts.
  }
}

/**
 * Control groups of our own on the real kernel: one subtree, the same in every hierarchy, removed at the end with all
 * that runs in it. Nothing outside of it is ever touched.
 */
export class Testbed implements AsyncDisposable {
  readonly layout: HostLayout = detectLayout()
  readonly name = `corral-test-${process.pid}-${randomBytes(3).toString('hex')}`
  readonly trees: readonly Hierarchy[]

  constructor() {
    const v1 = V1_TREES.flatMap((name) => this.layout.byController.get(name) ?? []).filter(
      ({ version }) => version === 1,
    )
    this.trees = [...new Set([this.layout.primary, ...v1])]
    for (const tree of this.trees) {
      mkdirSync(join(tree.mount, this.name))
      if (tree.version === 2) this.#enableControllers(join(tree.mount, this.name))
    }
  }

  #enableControllers(dir: string): void {
    const offered = readFileSync(join(dir, 'cgroup.controllers'), 'utf8').trim().split(' ')
    for (const name of V2_CONTROLLERS.filter((each) => offered.includes(each)))
      writeFileSync(join(dir, 'cgroup.subtree_control'), `+${name}`)
  }

  /** The group's directory in a tree; the primary one unless told otherwise. */
  dir(group: string, tree: Hierarchy = this.layout.primary): string {
    return join(tree.mount, this.name, group)
  }

  /** Makes a group in the given trees: all of them, unless told otherwise. */
  make(group: string, trees: readonly Hierarchy[] = this.trees): GroupTarget {
    for (const tree of trees) mkdirSync(this.dir(group, tree))
    return this.target(group)
  }

  target(group: string, tree: Hierarchy = this.layout.primary): GroupTarget {
    const ino = statSync(this.dir(group, tree), { bigint: true }).ino
    return { cgroupId: String(ino) as CgroupId, path: `/${this.name}/${group}` as GroupPath }
  }

  entry(group: string): GroupEntry {
    const populated = true
    return { ...this.target(group), parentId: null, depth: 2, ownProcesses: true, populated, createdSec: 0 }
  }

  /** Runs a shell script in the group; it is in before its first line runs. Returns its pid. */
  async run(group: string, script: string, trees: readonly Hierarchy[] = this.trees): Promise<number> {
    const moves = trees.map((tree) => `echo $$ > '${this.dir(group, tree)}/cgroup.procs'`).join(' && ')
    const child = spawn('/bin/sh', ['-c', `${moves} && ${script}`], { stdio: 'ignore' })
    const last = trees.at(-1) ?? this.layout.primary
    await until(`process ${child.pid} is in ${group}`, () =>
      this.read(group, 'cgroup.procs', last).includes(`${child.pid}\n`),
    )
    return child.pid ?? 0
  }

  read(group: string, file: string, tree: Hierarchy = this.layout.primary): string {
    return readFileSync(join(this.dir(group, tree), file), 'utf8')
  }

  write(group: string, file: string, value: string, tree: Hierarchy = this.layout.primary): void {
    writeFileSync(join(this.dir(group, tree), file), value)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await until(`${this.name} is removed`, () => {
      for (const tree of this.trees) this.#empty(Buffer.from(join(tree.mount, this.name)))
      return !this.trees.some((tree) => existsSync(join(tree.mount, this.name)))
    })
  }

  /** Thaws, kills and removes a group of ours and all below it; what still dies is left for the next round. */
  #empty(dir: Buffer): void {
    const file = (name: string): Buffer => Buffer.concat([dir, DIRECTORY, Buffer.from(name)])
    tryTo(() => {
      for (const entry of readdirSync(dir, { withFileTypes: true, encoding: 'buffer' }))
        if (entry.isDirectory()) this.#empty(Buffer.concat([dir, DIRECTORY, entry.name]))
    })
    if (existsSync(file('freezer.state'))) tryTo(() => writeFileSync(file('freezer.state'), 'THAWED'))
    if (existsSync(file('cgroup.freeze'))) tryTo(() => writeFileSync(file('cgroup.freeze'), '0'))
    tryTo(() => {
      for (const pid of readFileSync(file('cgroup.procs'), 'utf8').split('\n').filter(Boolean))
        process.kill(Number(pid), 'SIGKILL')
    })
    tryTo(() => rmdirSync(dir))
  }
}

/** The same host as it would be without cgroup2: groups are walked in a v1 tree and frozen by the v1 freezer. */
export const withoutV2 = (layout: HostLayout): HostLayout | null => {
  const freezer = layout.byController.get('freezer')
  if (!freezer) return null
  const primary = layout.byController.get('name=systemd') ?? freezer
  const byController = new Map([...layout.byController].filter(([, { version }]) => version === 1))
  return { ...layout, kind: 'v1', primary, byController, pressure: 'absent' }
}
