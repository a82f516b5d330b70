import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Docker Engine of the bench's own: its data root, its socket, one container that sleeps. */
export interface DockerPeer {
  /** `docker pause` through the command line, as people use it; milliseconds. */
  readonly pauseByCommand: () => number
  /** The same through the Engine's API, without starting a client each time; milliseconds. */
  readonly pauseByApi: () => Promise<number>
  readonly stop: () => Promise<void>
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const waitFor = async (ready: () => boolean, what: string): Promise<void> => {
  for (let i = 0; i < 300; i++) {
    if (ready()) return
    await sleep(100)
  }
  throw new Error(`${what} was not ready after 30 s`)
}

/** Why there is no peer, or null. */
export const whyNoDocker = (): string | null =>
  ['/usr/sbin/dockerd', '/usr/bin/docker', '/bin/busybox'].find((path) => !existsSync(path)) ?? null

export const startDocker = async (): Promise<DockerPeer> => {
  const home = mkdtempSync(join(tmpdir(), 'corral-docker-'))
  const socket = join(home, 'docker.sock')
  const engine: ChildProcess = spawn(
    'dockerd',
    [
      '--data-root',
      join(home, 'data'),
      '--exec-root',
      join(home, 'exec'),
      '-H',
      `unix://${socket}`,
      '-p',
      join(home, 'pid'),
    ].concat(['--bridge=none', '--iptables=false', '--storage-driver=vfs']),
    { stdio: 'ignore' },
  )
  const docker = (...args: string[]) => spawnSync('docker', ['-H', `unix://${socket}`, ...args], { encoding: 'utf8' })
  await waitFor(() => docker('version').status === 0, 'dockerd')
  const tree = join(home, 'tree')
  mkdirSync(join(tree, 'bin'), { recursive: true })
  cpSync('/bin/busybox', join(tree, 'bin/busybox'))
  const made = spawnSync('sh', ['-c', `tar -C ${tree} -c . | docker -H unix://${socket} import - bench`])
  if (made.status !== 0) throw new Error(`docker import failed: ${made.stderr}`)
  const started = docker('run', '-d', '--network=none', '--name', 'peer', 'bench', '/bin/busybox', 'sleep', '3600')
  if (started.status !== 0) throw new Error(`docker run failed: ${started.stderr}`)

  const call = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const ask = request({ socketPath: socket, path, method: 'POST' }, (answer) => {
        answer.resume()
        answer.once('end', () =>
          answer.statusCode === 204 ? resolve() : reject(new Error(`${path}: ${answer.statusCode}`)),
        )
      })
      ask.once('error', reject)
      ask.end()
    })
  return {
    pauseByCommand: () => {
      const began = performance.now()
      docker('pause', 'peer')
      const took = performance.now() - began
      docker('unpause', 'peer')
      return took
    },
    pauseByApi: async () => {
      const began = performance.now()
      await call('/containers/peer/pause')
      const took = performance.now() - began
      await call('/containers/peer/unpause')
      return took
    },
    stop: async () => {
      docker('rm', '-f', 'peer')
      const ended = new Promise((resolve) => engine.once('exit', resolve))
      engine.kill('SIGTERM')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}
