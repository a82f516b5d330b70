import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CgroupId, GroupPath } from '@corral/domain'
import { detectLayout } from '../layout.ts'
import type { GroupTarget, HostLayout } from '../types.ts'

/** A host as a folder: procfs and control group trees of plain files, for tests without root. */

export type Files = Readonly<Record<string, string>>

export interface FakeProcess {
  readonly comm?: string
  readonly parent?: number
  readonly uid?: number
  readonly pidNamespaceDepth?: number
  /** Its group in every hierarchy, or by hierarchy: the controllers as in `/proc/PID/cgroup`, `''` for cgroup2. */
  readonly groups: string | Readonly<Record<string, string>>
  /** Shares the network namespace of this process. */
  readonly networkOf?: number
  readonly wchan?: string
  /** On its way out: still listed in its groups, and shown in the root of every v1 tree. */
  readonly exiting?: boolean
}

/** Mounts by name: `unified` is cgroup2, anything else a v1 hierarchy of those controllers. */
const ROOT_FILES: Files = { 'cgroup.procs': '', 'cgroup.controllers': '' }

export class FakeHost implements Disposable {
  readonly root: string
  readonly procRoot: string
  readonly trees: readonly string[]
  #nextHierarchy = 0

  constructor(
    trees: readonly string[],
    options: { readonly v2Controllers?: string; readonly pressure?: boolean } = {},
  ) {
    this.root = mkdtempSync(join(tmpdir(), 'corral-fake-host-'))
    this.procRoot = join(this.root, 'proc')
    this.trees = trees
    const lines = trees.map((tree) => this.#mount(tree))
    this.write(join(this.procRoot, 'self/mountinfo'), `27 1 254:0 / / rw - ext4 /dev/vda rw\n${lines.join('')}`)
    this.write(join(this.procRoot, 'sys/kernel/random/boot_id'), '5ad9e13c-eafd-49fa-8cd2-7d0e4698ae90\n')
    if (trees.includes('unified')) {
      this.files('unified', '/', { 'cgroup.controllers': `${options.v2Controllers ?? ''}\n` })
      if (options.pressure ?? true) this.files('unified', '/', { 'cpu.pressure': 'some avg10=0.00 total=0\n' })
    }
    this.process(1, { comm: 'init', groups: '/' })
    this.write(join(this.procRoot, 'self/net/dev'), '')
  }

  #mount(tree: string): string {
    const mount = this.dir(tree, '/')
    mkdirSync(mount, { recursive: true })
    this.files(tree, '/', ROOT_FILES)
    const type = tree === 'unified' ? 'cgroup2' : 'cgroup'
    const options = tree === 'unified' ? 'rw,nsdelegate' : `rw,${tree}`
    this.#nextHierarchy += 1
    return `${40 + this.#nextHierarchy} 31 0:${this.#nextHierarchy} / ${mount} rw,relatime shared:1 - ${type} ${type} ${options}\n`
  }

  layout(): HostLayout {
    return detectLayout({ procRoot: this.procRoot })
  }

  dir(tree: string, path: string): string {
    return join(this.root, 'cg', tree, path).replace(/\/$/, '')
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  /** Makes the group if need be, and writes its files. */
  files(tree: string, path: string, files: Files): void {
    for (const [name, text] of Object.entries(files)) this.write(join(this.dir(tree, path), name), text)
  }

  /** A running group of the cgroup2 tree with these processes. */
  group(path: string, pids: readonly number[] = [], files: Files = {}): GroupTarget {
    const procs = pids.map((pid) => `${pid}\n`).join('')
    const events = `populated ${pids.length > 0 ? 1 : 0}\nfrozen 0\n`
    this.files('unified', path, { 'cgroup.procs': procs, 'cgroup.events': events, 'cgroup.freeze': '0\n', ...files })
    return this.target('unified', path)
  }

  /** A group of a v1 tree with these processes. */
  v1(tree: string, path: string, pids: readonly number[] = [], files: Files = {}): GroupTarget {
    const procs = pids.map((pid) => `${pid}\n`).join('')
    this.files(tree, path, { 'cgroup.procs': procs, notify_on_release: '0\n', ...files })
    return this.target(tree, path)
  }

  target(tree: string, path: string): GroupTarget {
    const ino = statSync(this.dir(tree, path), { bigint: true }).ino
    return { cgroupId: String(ino) as CgroupId, path: path as GroupPath }
  }

  process(pid: number, process: FakeProcess): void {
    const dir = join(this.procRoot, String(pid))
    const { groups } = process
    const groupOf = (tree: string): string =>
      typeof groups === 'string' ? groups : (groups[tree === 'unified' ? '' : tree] ?? '/')
    const lines = this.trees.map((tree, i) =>
      tree === 'unified' ? `0::${groupOf(tree)}\n` : `${i + 1}:${tree}:${groupOf(tree)}\n`,
    )
    const uid = process.uid ?? 0
    const nsPids = Array.from({ length: (process.pidNamespaceDepth ?? 0) + 1 }, () => pid).join('\t')
    this.write(join(dir, 'cgroup'), lines.join(''))
    this.write(join(dir, 'comm'), `${process.comm ?? 'sleep'}\n`)
    this.write(
      join(dir, 'status'),
      `Name:\t${process.comm ?? 'sleep'}\nPPid:\t${process.parent ?? 1}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nNSpid:\t${nsPids}\n`,
    )
    const flags = process.exiting ? 4194564 : 4194560
    this.write(join(dir, 'stat'), `${pid} (${process.comm ?? 'sleep'}) S 1 1 1 0 -1 ${flags} 0 0\n`)
    this.write(join(dir, `task/${pid}/comm`), `${process.comm ?? 'sleep'}\n`)
    this.write(join(dir, `task/${pid}/wchan`), process.wchan ?? 'do_freezer_trap')
    if (process.networkOf === undefined) this.write(join(dir, 'net/dev'), '')
    else {
      mkdirSync(join(dir, 'net'), { recursive: true })
      linkSync(join(this.procRoot, String(process.networkOf), 'net/dev'), join(dir, 'net/dev'))
    }
  }

  /** What the namespace of this process has received and sent over `eth0`. */
  traffic(pid: number, receiveBytes: number, transmitBytes: number): void {
    const row = (name: string, rx: number, tx: number) => `${name}: ${rx} 1 0 0 0 0 0 0 ${tx} 1 0 0 0 0 0 0\n`
    writeFileSync(
      join(this.procRoot, String(pid), 'net/dev'),
      `Inter-| Receive | Transmit\n face |bytes |bytes\n${row('    lo', 999, 999)}${row('  eth0', receiveBytes, transmitBytes)}`,
    )
  }

  endProcess(pid: number): void {
    rmSync(join(this.procRoot, String(pid)), { recursive: true })
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** This project's own test machine: v1 controllers apart, and cgroup2 without any. */
export const HYBRID = ['cpu', 'cpuacct', 'memory', 'freezer', 'blkio', 'pids', 'name=systemd', 'unified'] as const
/** As distributions with systemd mount v1. */
export const LEGACY = ['name=systemd', 'cpu,cpuacct', 'memory', 'freezer', 'blkio', 'pids'] as const
