import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian's netdata with the cgroups plugin at 1 s and the rest off, in folders of the bench's own. */
export interface NetdataPeer {
  readonly pid: number
  /** Values (dimensions) it collects each second from control groups. */
  readonly valuesPerSecond: () => Promise<number>
  readonly stop: () => Promise<void>
}

export const whyNoNetdata = (): string | null => (existsSync('/usr/sbin/netdata') ? null : '/usr/sbin/netdata')

const configuration = (home: string, port: number): string => `
[global]
  run as user = root
[directories]
  cache = ${home}/cache
  lib = ${home}/lib
  log = ${home}/log
[db]
  mode = ram
  update every = 1
  retention = 600
[web]
  default port = ${port}
  bind to = 127.0.0.1
[ml]
  enabled = no
[health]
  enabled = no
[statsd]
  enabled = no
[plugins]
  cgroups = yes
  timex = no
  idlejitter = no
  tc = no
  diskspace = no
  proc = no
  enable running new plugins = no
  apps = no
  charts.d = no
  python.d = no
  netdata monitoring = no
  netdata monitoring extended = no
[plugin:cgroups]
  update every = 1
  check for new cgroups every = 10
  enable by default cgroups matching = *corral-bench*
  search for cgroups in subpaths matching = *
  enable systemd services = no
`

export const startNetdata = async (port: number): Promise<NetdataPeer> => {
  const home = mkdtempSync(join(tmpdir(), 'corral-netdata-'))
  for (const folder of ['cache', 'lib', 'log']) mkdirSync(join(home, folder))
  writeFileSync(join(home, 'netdata.conf'), configuration(home, port))
  writeFileSync(join(home, '.opt-out-from-anonymous-statistics'), '')
  const child = spawn('/usr/sbin/netdata', ['-D', '-c', join(home, 'netdata.conf'), '-P', join(home, 'pid')], {
    stdio: 'ignore',
    env: { ...process.env, DO_NOT_TRACK: '1' },
  })
  const charts = async (): Promise<Record<string, { dimensions: object }>> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/charts`)
    return ((await answer.json()) as { charts: Record<string, { dimensions: object }> }).charts
  }
  const valuesPerSecond = async (): Promise<number> =>
    Object.entries(await charts())
      .filter(([id]) => id.startsWith('cgroup_'))
      .reduce((sum, [, chart]) => sum + Object.keys(chart.dimensions).length, 0)
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended
    clearTimeout(late)
    rmSync(home, { recursive: true, force: true })
  }
  if (child.pid === undefined) throw new Error('netdata did not start')
  return { pid: child.pid, valuesPerSecond, stop }
}
