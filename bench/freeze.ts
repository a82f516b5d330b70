import { openBrowserApi } from './browser-api.ts'
import { type DockerPeer, startDocker, whyNoDocker } from './docker-peer.ts'
import { makeGroups } from './groups.ts'
import { startProduct } from './product.ts'
import { print, quantile, round } from './result.ts'

/** `npm run bench:freeze`: from the API call to the kernel's `frozen 1`, the whole way, beside `docker pause`. */

const RUNS = 200
const PORT = 3990

const name = `corral-bench-${process.pid}`
const groups = makeGroups(name, 1)
const product = await startProduct(PORT)
const missing = whyNoDocker()
const docker: DockerPeer | null = missing === null ? await startDocker() : null
if (missing !== null) console.error(`no peer: ${missing} is not there (apt-get install docker.io busybox-static)`)
try {
  const api = await openBrowserApi(product)
  const { containerId } = await api.findContainer(`/${name}/c0`)
  const ours: number[] = []
  const command: number[] = []
  const engine: number[] = []
  // Turn by turn, so that whatever else the machine does meets all of them.
  for (let i = 0; i < RUNS; i++) {
    const began = performance.now()
    const outcome = await api.client.container.freeze.mutate({ containerId, leaseSec: 600 })
    ours.push(performance.now() - began)
    if (outcome.state !== 'frozen') throw new Error(`not frozen: ${JSON.stringify(outcome)}`)
    await api.client.container.thaw.mutate({ containerId })
    if (docker) {
      engine.push(await docker.pauseByApi())
      if (i % 4 === 0) command.push(docker.pauseByCommand())
    }
  }
  const peers = [
    { name: 'docker pause (command line)', times: command },
    { name: 'docker pause (Engine API)', times: engine },
  ]
  for (const { name: peer, times } of peers)
    print({
      bench: 'freeze',
      case: 'API call to confirmed frozen 1, one sleeping process, with audit and lease',
      unit: 'ms',
      p50: round(quantile(ours, 0.5)),
      p99: round(quantile(ours, 0.99)),
      peer: docker ? { name: peer, p50: round(quantile(times, 0.5)), p99: round(quantile(times, 0.99)) } : null,
      ratio: docker ? round(quantile(ours, 0.5) / quantile(times, 0.5)) : null,
      runs: RUNS,
      method:
        'POST container.freeze over HTTP on loopback; wall clock in the caller; peers timed turn by turn in the same run',
    })
  api.close()
} finally {
  await docker?.stop()
  await product.stop()
  await groups.remove()
}
process.exit(0)
