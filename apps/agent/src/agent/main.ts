import { mkdirSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { detectLayout } from '@corral/cgroups'
import { createCodec } from '../shared/codec.ts'
import { openLogger } from '../shared/log.ts'
import { watchParent } from '../shared/parent.ts'
import { createCostMeter } from './cost.ts'
import { createDescriber, noDescriber } from './describer.ts'
import { dropPrivileges } from './drop.ts'
import { codeOf } from './handshake.ts'
import { hostFactsOf } from './host-facts.ts'
import { openIdentity } from './identity.ts'
import { agentUrl, type Dashboard, keepConnected } from './link.ts'
import { createObserver } from './observer.ts'
import { readAgentOptions } from './options.ts'
import { createOrderTaker } from './orders.ts'
import { openRecorder } from './recorder.ts'
import { createReporter } from './reporter.ts'
import { createRoster } from './roster.ts'
import { startTicker } from './tick.ts'
import { createUploader } from './uploader.ts'
import { createWardenClient, WARDEN_FD } from './warden-client.ts'

/** At the end: longest wait for an upload that is under way. */
const LAST_UPLOAD_MS = 500
/** A fault that comes back every second is told this often. */
const REPEAT_MS = 60_000

const main = (): void => {
  process.title = 'corral-agent'
  const options = readAgentOptions(process.argv)
  if (options.uid !== null && options.gid !== null) dropPrivileges(options.uid, options.gid)
  process.umask(0o077)
  const log = openLogger('corral-agent')
  const url = agentUrl(options.dashboard)
  const layout = detectLayout()
  const { bootId } = layout
  const home = join(options.stateDir, 'agent')
  mkdirSync(home, { recursive: true, mode: 0o700 })

  const lastTold = new Map<string, number>()
  const trouble = (what: string, error?: unknown): void => {
    const nowMs = performance.now()
    if (nowMs - (lastTold.get(what) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return
    lastTold.set(what, nowMs)
    log.warn({ err: error }, what)
  }

  const stop = new AbortController()
  const codec = createCodec()
  const roster = createRoster(bootId)
  const reporter = createReporter({
    bootId,
    roster,
    codec,
    isSettled: () => describer.isSettled(performance.now()),
    failed: trouble,
  })
  const recorder = openRecorder({ dir: home, bootId, describe: roster.description, trouble })
  const warden = options.warden
    ? createWardenClient({
        channel: new Socket({ fd: WARDEN_FD, readable: true, writable: true }),
        onLeases: reporter.leases,
        onClosed: () => end('the warden is gone'),
        onNonsense: (issues) => trouble('the warden said something that cannot be read', issues),
      })
    : null
  const describer = warden
    ? createDescriber(roster, warden, {
        changed: reporter.changed,
        failed: (error) => trouble('groups were not described', error),
      })
    : noDescriber

  let dashboard: Dashboard | null = null
  const uploader = createUploader({
    log: recorder.log,
    signal: stop.signal,
    link: () => {
      const to = dashboard
      return to && (async (upload) => void (await to.agent.blocks.mutate(upload)))
    },
    isRefusal: (error) => codeOf(error) === 'bad-input',
    failed: trouble,
  })
  const takeOrder = createOrderTaker({
    attend: reporter.attend,
    act: warden?.command ?? null,
    tail: recorder.tail,
    answer: (answer) => {
      dashboard?.agent.answer.mutate(answer).catch((error: unknown) => trouble('an answer was not taken', error))
    },
    nonsense: (issues) => trouble('the dashboard asked something that cannot be read', issues),
  })
  let failures = ''
  const linked = keepConnected(
    {
      url,
      codec,
      home,
      tokenFile: options.tokenFile,
      identity: openIdentity(home),
      facts: () => hostFactsOf(layout, warden !== null),
      onUp: (to) => {
        failures = ''
        dashboard = to
        log.info({ url }, 'linked to the dashboard')
        reporter.connect({
          inventory: (report) => to.agent.inventory.mutate(report),
          live: (report) => to.agent.live.mutate(report),
        })
        uploader.wake()
      },
      onOrder: takeOrder,
      onDown: () => {
        dashboard = null
        reporter.connect(null)
      },
      onFailure: (error, proved, waitMs) => {
        const code = codeOf(error)
        // Told once, then in a whisper, until something else is wrong.
        const level = failures === String(error) && !proved ? 'debug' : 'warn'
        failures = String(error)
        log[level]({ err: error, code, waitMs }, 'no link to the dashboard; trying again')
      },
    },
    stop.signal,
  )

  const observer = createObserver(layout, roster)
  // Before the first tick: what is there can be told as soon as there is a link, and the first tick has rates.
  const beganMs = performance.now()
  observer.observe(beganMs)
  describer.tick(beganMs)
  const costOf = createCostMeter(warden ? process.ppid : null)
  const ticker = startTicker((atSec) => {
    try {
      const nowMs = performance.now()
      const sample = observer.observe(nowMs)
      describer.tick(nowMs)
      const sealed = recorder.take(atSec, sample)
      reporter.tick(atSec, sample, costOf(nowMs))
      if (sealed > 0) uploader.wake()
    } catch (error) {
      trouble('a tick failed; it is a gap', error)
    }
  })
  log.info({ layout: layout.kind, missing: layout.missing, pending: recorder.log.pending }, 'agent is up')

  let ending = false
  const end = async (why: string): Promise<void> => {
    if (ending) return
    ending = true
    log.info({ why }, 'stopping')
    ticker[Symbol.dispose]()
    await Promise.race([uploader.idle(), new Promise((resolve) => setTimeout(resolve, LAST_UPLOAD_MS))])
    stop.abort()
    await linked
    observer[Symbol.dispose]()
    recorder[Symbol.dispose]()
    process.exit(0)
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  watchParent(() => end('parent is gone'))
}

main()
