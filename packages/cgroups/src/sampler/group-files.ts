import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import type { GroupPath } from '@corral/domain'
import { errorCode } from '@corral/linux'
import { createTreeFinder } from '../other-tree.ts'
import { groupDir } from '../paths.ts'
import type { GroupTarget, Hierarchy, HostLayout } from '../types.ts'
import type { Descriptors } from './descriptors.ts'
import type { Plan } from './plan.ts'
import type { ReadBuffer } from './read-buffer.ts'

/** Longest time, in ticks, until an absent file or an unsure place is looked for again. */
const LONGEST_WAIT = 16
const CLOSED = -1
const ABSENT = -2

/** One hierarchy's part of a group: when to look again for what is not open or not sure. */
interface TreeState {
  readonly hierarchy: Hierarchy
  readonly files: readonly number[]
  lookAt: number
  wait: number
  /** The path it was opened under, and whether a member vouched for it. */
  path: GroupPath | null
  vouched: boolean
}

export interface SamplerParts {
  readonly layout: HostLayout
  readonly plan: Plan
  readonly buffer: ReadBuffer
  readonly descriptors: Descriptors
}

/** The group's directory; `ABSENT` if there is none, `CLOSED` if it cannot be opened just now. */
const openDir = (dir: Buffer): number => {
  try {
    return openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch (error) {
    return ['ENOENT', 'ENODEV', 'ENOTDIR'].includes(errorCode(error) ?? '') ? ABSENT : CLOSED
  }
}

const openIn = (dirFd: number, name: string): number => {
  try {
    return openSync(`/proc/self/fd/${dirFd}/${name}`, 'r')
  } catch {
    return CLOSED
  }
}

/**
 * The open files of one group and the values last read from them. Files are opened below the group's directory after
 * its inode was checked, and stay with that group whatever its path becomes.
 */
export class GroupFiles implements Disposable {
  /** Values by position, NaN where a file could not be read, and when each file was read, in milliseconds. */
  values: Float64Array
  readAt: Float64Array
  previousValues: Float64Array
  previousReadAt: Float64Array
  /** The group has ended; it never comes back under this identity. */
  gone = false
  readonly #parts: SamplerParts
  readonly #target: GroupTarget
  readonly #fds: Int32Array
  readonly #trees: TreeState[]
  readonly #keepOpen: boolean

  constructor(parts: SamplerParts, target: GroupTarget) {
    const { plan, descriptors } = parts
    this.#parts = parts
    this.#target = target
    this.values = new Float64Array(plan.values).fill(Number.NaN)
    this.previousValues = this.values.slice()
    this.readAt = new Float64Array(plan.files.length).fill(Number.NaN)
    this.previousReadAt = this.readAt.slice()
    this.#fds = new Int32Array(plan.files.length).fill(CLOSED)
    this.#trees = [...new Set(plan.files.map((file) => file.tree))].map((hierarchy) => ({
      hierarchy,
      files: plan.files.flatMap((file, i) => (file.tree === hierarchy ? [i] : [])),
      lookAt: 0,
      wait: 1,
      path: null,
      vouched: false,
    }))
    this.#keepOpen = descriptors.used + plan.files.length <= descriptors.most
    if (this.#keepOpen) descriptors.used += plan.files.length
  }

  /** Reads every file once. `tick` counts the samples. */
  read(tick: number): void {
    this.#swap()
    if (this.gone) return
    this.#look(tick)
    const { files } = this.#parts.plan
    for (let i = 0; i < files.length; i++) this.#readFile(i, tick)
    if (!this.#keepOpen) this.#closeAll()
  }

  [Symbol.dispose](): void {
    this.#closeAll()
    if (this.#keepOpen) this.#parts.descriptors.used -= this.#fds.length
  }

  #swap(): void {
    const { values, readAt } = this
    this.values = this.previousValues
    this.readAt = this.previousReadAt
    this.previousValues = values
    this.previousReadAt = readAt
    this.values.fill(Number.NaN)
    this.readAt.fill(Number.NaN)
  }

  #readFile(i: number, tick: number): void {
    const fd = this.#fds[i] ?? CLOSED
    const file = this.#parts.plan.files[i]
    if (fd === CLOSED || file === undefined) return
    const { buffer } = this.#parts
    try {
      // Reading may replace the buffer by a larger one: look at it only afterwards.
      const length = buffer.readWhole(fd)
      this.readAt[i] = performance.now()
      file.scan(buffer.bytes, length, this.values, file.at)
    } catch (error) {
      this.#lose(i, tick, error)
    }
  }

  /** A file that was there cannot be read any more: the group has ended, or a controller was taken from it. */
  #lose(i: number, tick: number, error: unknown): void {
    closeSync(this.#fds[i] ?? CLOSED)
    this.#fds[i] = CLOSED
    if (i === this.#parts.plan.life && errorCode(error) === 'ENODEV') {
      this.#end()
      return
    }
    const tree = this.#trees.find((each) => each.files.includes(i))
    if (tree) this.#postpone(tree, tick)
  }

  #end(): void {
    this.gone = true
    this.#closeAll()
    this.values.fill(Number.NaN)
  }

  #closeAll(): void {
    for (let i = 0; i < this.#fds.length; i++) this.#close(i)
  }

  #close(i: number): void {
    const fd = this.#fds[i] ?? CLOSED
    if (fd !== CLOSED) closeSync(fd)
    this.#fds[i] = CLOSED
  }

  #postpone(tree: TreeState, tick: number): void {
    tree.lookAt = tick + tree.wait
    tree.wait = Math.min(tree.wait * 2, LONGEST_WAIT)
  }

  /** Opens what is not open, where its time has come. */
  #look(tick: number): void {
    let find: ReturnType<typeof createTreeFinder> | undefined
    const { layout } = this.#parts
    for (const tree of this.#trees) {
      if (this.gone || (this.#keepOpen && tick < tree.lookAt)) continue
      find ??= createTreeFinder(layout, this.#target.path, groupDir(layout.primary, this.#target.path))
      const complete = this.#openTree(tree, find)
      if (complete) {
        tree.lookAt = Number.POSITIVE_INFINITY
        tree.wait = 1
      } else this.#postpone(tree, tick)
    }
  }

  /** Returns whether all files of the tree are open in a place that is sure. */
  #openTree(tree: TreeState, find: ReturnType<typeof createTreeFinder>): boolean {
    const { layout, plan } = this.#parts
    if (!tree.vouched) {
      const place = find(tree.hierarchy)
      if (place?.path !== tree.path) for (const i of tree.files) this.#close(i)
      tree.path = place?.path ?? null
      tree.vouched = place?.vouched ?? false
      if (place === null) return false
    }
    const dirFd = openDir(groupDir(tree.hierarchy, tree.path ?? this.#target.path))
    if (dirFd < 0) {
      if (tree.hierarchy === layout.primary && dirFd === ABSENT) this.#end()
      tree.vouched = false
      return false
    }
    try {
      if (tree.hierarchy === layout.primary && !this.#isTarget(dirFd)) {
        this.#end()
        return false
      }
      let complete = tree.vouched
      for (const i of tree.files) {
        if (this.#fds[i] !== CLOSED) continue
        this.#fds[i] = openIn(dirFd, plan.files[i]?.name ?? '')
        if (this.#fds[i] === CLOSED) complete = false
      }
      return complete
    } finally {
      closeSync(dirFd)
    }
  }

  #isTarget(dirFd: number): boolean {
    return String(fstatSync(dirFd, { bigint: true }).ino) === this.#target.cgroupId
  }
}
