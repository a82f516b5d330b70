/** What can have made a container. `plain` is a group that no known runtime made. */
export const RUNTIMES = [
  'docker',
  'podman',
  'containerd',
  'crio',
  'kubernetes',
  'lxc',
  'nspawn',
  'systemd',
  'corral',
  'runc',
  'plain',
] as const
export type Runtime = (typeof RUNTIMES)[number]

/** Two letters for the runtime tile. */
export const RUNTIME_TILE: Readonly<Record<Runtime, string>> = {
  docker: 'dk',
  podman: 'pd',
  containerd: 'cd',
  crio: 'cr',
  kubernetes: 'k8',
  lxc: 'lx',
  nspawn: 'ns',
  systemd: 'sd',
  corral: 'co',
  runc: 'rc',
  plain: 'cg',
}
