import { makeGroups } from './groups.ts'
import { startNetdata, whyNoNetdata } from './netdata-peer.ts'
import { cpuSeconds, residentMiB } from './process-cost.ts'
import { startProduct } from './product.ts'
import { print, round } from './result.ts'

/** `npm run bench:agent`: what watching costs, at 10 to 400 groups, beside netdata watching the same groups. */

const SIZES = [10, 100, 200, 400]
const SECONDS = Number(process.env.CORRAL_BENCH_SECONDS ?? 60)
const SETTLE_MS = 15_000
const METRICS = 22

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const total = (pids: readonly number[], cost: (pid: number) => number): number =>
  pids.reduce((sum, pid) => sum + cost(pid), 0)

/** Cores used by each list of processes over the same `SECONDS`. */
const coresOver = async (parties: readonly (readonly number[])[]): Promise<number[]> => {
  const before = parties.map((pids) => total(pids, cpuSeconds))
  const began = performance.now()
  await sleep(SECONDS * 1000)
  const seconds = (performance.now() - began) / 1000
  return parties.map((pids, i) => (total(pids, cpuSeconds) - (before[i] ?? 0)) / seconds)
}

const measure = async (count: number): Promise<void> => {
  const groups = makeGroups(`corral-bench-${process.pid}`, count)
  const product = await startProduct(3991)
  const missing = whyNoNetdata()
  const netdata = missing === null ? await startNetdata(3992) : null
  if (missing !== null) console.error(`no peer: ${missing} is not there (apt-get install netdata)`)
  try {
    await sleep(SETTLE_MS)
    const ours = [...product.pidsOf('corral-warden'), ...product.pidsOf('corral-agent')]
    if (ours.length !== 2) throw new Error(`expected warden and agent, found ${ours.length} processes`)
    const [cores = Number.NaN, peerCores = Number.NaN] = await coresOver([ours, netdata ? [netdata.pid] : []])
    const values = netdata ? await netdata.valuesPerSecond() : 0
    const perMillion = (cores / (count * METRICS)) * 1e6
    const peerPerMillion = (peerCores / values) * 1e6
    const method = `sleeping groups, ${SECONDS} s after ${SETTLE_MS / 1000} s, utime+stime of warden and agent from /proc, nobody looking`
    const peer = { name: 'netdata 1.37, cgroups plugin only' }
    print({
      bench: 'agent',
      case: `${count} groups: CPU per 1 000 000 collected values`,
      unit: 'CPU s',
      value: round(perMillion),
      peer: netdata ? { ...peer, value: round(peerPerMillion) } : null,
      ratio: netdata ? round(perMillion / peerPerMillion) : null,
      runs: 1,
      method: `${method}; ours ${METRICS} values a group and second, netdata ${values} values a second in all`,
    })
    print({
      bench: 'agent',
      case: `${count} groups: CPU per 1 000 container-samples`,
      unit: 'CPU s',
      value: round((cores / count) * 1000, 4),
      peer: null,
      ratio: null,
      runs: 1,
      method,
    })
    print({
      bench: 'agent',
      case: `${count} groups: share of a core`,
      unit: '%',
      value: round(cores * 100, 2),
      peer: netdata ? { ...peer, value: round(peerCores * 100, 2) } : null,
      ratio: netdata ? round(cores / peerCores) : null,
      runs: 1,
      method,
    })
    print({
      bench: 'agent',
      case: `${count} groups: resident memory of warden and agent`,
      unit: 'MiB',
      value: round(total(ours, residentMiB), 1),
      peer: netdata ? { ...peer, value: round(residentMiB(netdata.pid), 1) } : null,
      ratio: netdata ? round(total(ours, residentMiB) / residentMiB(netdata.pid)) : null,
      runs: 1,
      method: 'VmRSS at the end of the run',
    })
  } finally {
    await netdata?.stop()
    await product.stop()
    await groups.remove()
  }
}

for (const count of SIZES) await measure(count)
process.exit(0)
