import { escapeBytes, type GroupPath, type Runtime, unescapeBytes } from '@corral/domain'

/** What a group's path says about who made it. */
export interface Classified {
  readonly runtime: Runtime
  /** What people call it as far as the path tells; escaped by `escapeBytes`. */
  readonly name: string
  /** The runtime's own id, to ask its API with; null where the path has none. */
  readonly id: string | null
}

/** Length of an id as `docker ps` shows it. */
const SHORT_ID = 12

const byId = (runtime: Runtime, id: string): Classified => ({ runtime, name: id.slice(0, SHORT_ID), id })
const byName = (runtime: Runtime, name: string): Classified => ({ runtime, name, id: null })

/**
 * A systemd unit's part, as people wrote it: `\x2d` stands for a dash (systemd.unit(5), "String escaping"). Takes
 * and returns text escaped by `escapeBytes`, where each backslash of the unit's name is two.
 */
const unescapeUnit = (part: string): string => {
  let bytes: Uint8Array
  try {
    bytes = unescapeBytes(part)
  } catch {
    return part
  }
  const out: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const hex = String.fromCharCode(...bytes.subarray(at, at + 4))
    if (/^\\x[0-9a-f]{2}$/.test(hex)) {
      out.push(Number.parseInt(hex.slice(2), 16))
      at += 3
    } else out.push(bytes[at] ?? 0)
  }
  return escapeBytes(Uint8Array.from(out))
}

/** Scopes that runtimes make under the systemd driver: `PREFIX-ID.scope`. */
const SCOPES: Readonly<Record<string, Runtime>> = {
  docker: 'docker',
  libpod: 'podman',
  crio: 'crio',
  'cri-containerd': 'containerd',
  nerdctl: 'containerd',
}
const SCOPE = /^(docker|libpod|crio|cri-containerd|nerdctl)-([0-9a-f]{64})\.scope$/
/** The colon form appears when kubelet and containerd disagree about the driver. */
const COLON_SCOPE = /^[^/]*:(cri-containerd|nerdctl):([0-9a-f]{64})$/
const ID = /^[0-9a-f]{64}$/
const POD = /(^|\/)kubepods(\.slice)?(\/|$)/

/** Machines registered with systemd-machined; virtual machines (`machine-qemu-…`) are no containers. */
const machine = (leaf: string): Classified | null => {
  const nspawn = /^systemd-nspawn@(.+)\.service$/.exec(leaf)
  if (nspawn?.[1]) return byName('nspawn', unescapeUnit(nspawn[1]))
  const scope = /^machine-(.+)\.scope$/.exec(leaf)
  if (!scope?.[1]) return null
  const name = unescapeUnit(scope[1])
  return name.startsWith('qemu-') ? null : byName('nspawn', name)
}

const lxc = (parent: string, leaf: string): Classified | null => {
  const payload = /^lxc\.payload\.(.+)$/.exec(leaf)
  if (payload?.[1]) return byName('lxc', payload[1])
  return parent === 'lxc' || parent === 'lxc.payload' ? byName('lxc', leaf) : null
}

/** Groups made with the cgroupfs driver: a known parent with the container's id below. */
const cgroupfs = (parent: string, leaf: string): Classified | null => {
  const libpod = /^libpod-([0-9a-f]{64})$/.exec(leaf)
  if (libpod?.[1]) return byId('podman', libpod[1])
  const crio = /^crio-([0-9a-f]{64})$/.exec(leaf)
  if (crio?.[1]) return byId('crio', crio[1])
  const colon = COLON_SCOPE.exec(leaf)
  if (colon?.[2]) return byId('containerd', colon[2])
  if (!ID.test(leaf)) return null
  if (parent === 'docker' || parent === 'actions_job') return byId('docker', leaf)
  if (parent === 'default' || parent === 'k8s.io' || parent === 'moby') return byId('containerd', leaf)
  return null
}

const systemdUnit = (leaf: string): Classified | null => {
  // A user's manager is the parent of that user's units, as a slice is.
  if (/^user@\d+\.service$/.test(leaf)) return null
  return /^.+\.(service|scope|socket|mount|swap)$/.test(leaf) ? byName('systemd', unescapeUnit(leaf)) : null
}

/** What belongs to a runtime but is no container: its monitors. */
const MONITOR = /^(libpod-conmon-|crio-conmon-|lxc\.monitor(\.|$))/

/**
 * What made the group at `path`, from the path alone; null: it is no container by itself (a slice, a parent, a group
 * inside a container). Never throws, whatever the name.
 */
export const classifyGroup = (path: GroupPath): Classified | null => {
  const parts = path.split('/')
  const leaf = parts.at(-1) ?? ''
  const parent = parts.at(-2) ?? ''
  if (leaf === '' || MONITOR.test(leaf) || leaf.endsWith('.slice')) return null
  if (parts.length === 3 && parent.startsWith('corral-demo')) return byName('corral', leaf)

  const scope = SCOPE.exec(leaf)
  const made = scope?.[1] && scope[2] ? byId(SCOPES[scope[1]] ?? 'plain', scope[2]) : cgroupfs(parent, leaf)
  if (POD.test(path)) {
    if (made) return { ...made, runtime: 'kubernetes' }
    if (ID.test(leaf)) return byId('kubernetes', leaf)
  }
  return made ?? lxc(parent, leaf) ?? machine(leaf) ?? systemdUnit(leaf)
}

/** The last segment of a path; what a group is called when nothing better is known. */
export const leafOf = (path: GroupPath): string => path.slice(path.lastIndexOf('/') + 1)
