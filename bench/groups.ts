import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Plain groups of the bench's own, each with one sleeping process, in every hierarchy that measures something. */

const CONTROLLERS = ['cpu', 'cpuacct', 'memory', 'blkio', 'pids', 'freezer', 'name=systemd']

const mounts = (): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [left = '', right = ''] = line.split(' - ')
      const [type, , options = ''] = right.split(' ')
      const wanted =
        type === 'cgroup2' || (type === 'cgroup' && options.split(',').some((o) => CONTROLLERS.includes(o)))
      return wanted ? [left.split(' ')[4] ?? ''] : []
    })

export interface Groups {
  readonly names: readonly string[]
  readonly remove: () => Promise<void>
}

/** Makes `count` groups `/NAME/cN`. Needs root. */
export const makeGroups = (name: string, count: number): Groups => {
  const names = Array.from({ length: count }, (_, i) => `c${i}`)
  const roots = mounts().map((mount) => join(mount, name))
  for (const root of roots) {
    mkdirSync(root)
    const offered = join(root, 'cgroup.controllers')
    if (existsSync(offered))
      for (const controller of readFileSync(offered, 'utf8')
        .split(/\s+/)
        .filter((c) => ['cpu', 'memory', 'io', 'pids'].includes(c)))
        writeFileSync(join(root, 'cgroup.subtree_control'), `+${controller}`)
    for (const group of names) mkdirSync(join(root, group))
  }
  const sleepers: ChildProcess[] = names.map((group) => {
    const child = spawn('sleep', ['3600'], { stdio: 'ignore' })
    for (const root of roots) writeFileSync(join(root, group, 'cgroup.procs'), String(child.pid))
    return child
  })
  const remove = async (): Promise<void> => {
    for (const sleeper of sleepers) sleeper.kill('SIGKILL')
    await Promise.all(
      sleepers.map((s) => new Promise((done) => ((s.exitCode ?? s.signalCode) ? done(0) : s.once('exit', done)))),
    )
    for (const root of roots) {
      for (const group of names) rmdirSync(join(root, group))
      rmdirSync(root)
    }
  }
  return { names, remove }
}
