import { METRIC_COUNT, METRIC_INDEX } from '@corral/domain'
import type { ContainerMessage, LiveContainer, LiveHost, Series } from '@corral/protocol'
import { describe, expect, it } from 'vitest'
import type { Connection, Problem } from '../../client/index.ts'
import { CHART_METRICS } from './charts.ts'
import { createFeed } from './feed.ts'

const CONTAINER: LiveContainer = {
  containerId: '7',
  hostId: '00000000-0000-4000-8000-000000000001' as LiveContainer['hostId'],
  cgroupId: '48211',
  path: '/corral-demo/steady-cpu',
  name: 'steady-cpu',
  runtime: 'corral',
  image: null,
  labels: {},
  protection: null,
  startedSec: 900_000,
  lease: null,
}
const HOST = { hostId: CONTAINER.hostId, online: true, lastSeenSec: 1_000_000 } as LiveHost
const PROBLEM: Problem = { code: 'database-down', title: 'T', hint: 'H', detail: null, id: 'err_1' }

/** A page with a hand-turned clock, a socket and a history that answers when told to. */
const page = () => {
  let nowMs = 1_000_000_000
  let visible = true
  let link: Connection = 'online'
  const beats: (() => void)[] = []
  const seen: (() => void)[] = []
  const links: (() => void)[] = []
  const asked: { fromSec: number; toSec: number; answer(series: Series | Error): Promise<void> }[] = []
  let on: { message(message: ContainerMessage): void; fault(problem: Problem): void } | null = null
  let watches = 0

  const feed = createFeed(
    {
      watch(handlers) {
        on = handlers
        watches += 1
        return () => {
          on = null
        }
      },
      history: ({ fromSec, toSec }) =>
        new Promise((resolve, reject) => {
          asked.push({
            fromSec,
            toSec,
            answer: async (series) => {
              if (series instanceof Error) reject(series)
              else resolve(series)
              await new Promise((done) => setTimeout(done))
            },
          })
        }),
      readProblem: () => PROBLEM,
      link: {
        get: () => link,
        subscribe(listener) {
          links.push(listener)
          return () => undefined
        },
      },
    },
    {
      nowMs: () => nowMs,
      every(_, run) {
        beats.push(run)
        return () => {
          beats.splice(beats.indexOf(run), 1)
        }
      },
      visible: () => visible,
      onVisibility(listener) {
        seen.push(listener)
        return () => undefined
      },
    },
    { range: '15m', untilSec: null },
  )

  const vector = (cpu: number, frozen: number) => {
    const values = new Float32Array(METRIC_COUNT)
    values[METRIC_INDEX.cpuUsage] = cpu
    values[METRIC_INDEX.frozen] = frozen
    return values
  }

  return {
    feed,
    asked,
    watches: () => watches,
    watching: () => on !== null,
    beats,
    describe: (container: LiveContainer | null = CONTAINER) =>
      on?.message({ kind: 'container', container, host: HOST }),
    hostAway: () => on?.message({ kind: 'container', container: CONTAINER, host: { ...HOST, online: false } }),
    point: (atSec: number, cpu: number, state: 'running' | 'frozen' = 'running') => {
      nowMs = atSec * 1000
      on?.message({ kind: 'point', atSec, state, values: vector(cpu, state === 'frozen' ? 1 : 0) })
    },
    fault: () => on?.fault(PROBLEM),
    pass: (ms: number) => {
      nowMs += ms
      for (const beat of [...beats]) beat()
    },
    see: (next: boolean) => {
      visible = next
      for (const listener of seen) listener()
    },
    connect: (next: Connection) => {
      link = next
      for (const listener of links) listener()
    },
    cpu: () => (feed.source.frame()?.avg.get('cpuUsage') ?? []).filter((value) => value !== null),
  }
}

const series = (startSec: number, cpu: readonly number[], frozen: readonly number[] = cpu.map(() => 0)): Series => {
  const rows = CHART_METRICS.map((metric) => Float32Array.from(metric === 'frozen' ? frozen : cpu))
  return { startSec, stepSec: 1, points: cpu.length, avg: rows, peak: rows, tail: 'complete' }
}

describe('a container page', () => {
  it('asks for history by the clock of the host, then joins it with live points', async () => {
    const { feed, asked, describe, point, cpu } = page()
    feed.start()
    expect(asked).toHaveLength(0)
    describe()
    expect(asked[0]).toMatchObject({ fromSec: 999_100, toSec: 1_000_000 })
    point(1_000_000, 5)
    expect(cpu()).toEqual([5])
    await asked[0]?.answer(series(999_998, [1, 2]))
    point(1_000_001, 6)
    expect(cpu()).toEqual([1, 2, 5, 6])
    expect(feed.state()).toMatchObject({ history: 'ready', state: 'running', beganSec: 999_998 })
    expect(feed.source.latest('cpuUsage')).toBe(6)
  })

  it('does no work while hidden, and repairs what it missed when it is seen', async () => {
    const { feed, asked, describe, point, see, watching, beats, watches } = page()
    feed.start()
    describe()
    await asked[0]?.answer(series(999_998, [1, 2]))
    point(1_000_000, 5)
    see(false)
    expect([watching(), beats.length]).toEqual([false, 0])
    see(true)
    expect([watching(), watches(), asked.length]).toEqual([true, 2, 2])
  })

  it('asks again when the stream has settled, after the connection was lost, and every few minutes', async () => {
    const { feed, asked, describe, connect, pass } = page()
    const answer = () => asked.at(-1)?.answer(series(999_998, [1, 2]))
    feed.start()
    describe()
    await answer()
    pass(1_000)
    expect(asked).toHaveLength(1)
    pass(4_000)
    expect(asked).toHaveLength(2)
    await answer()
    pass(60_000)
    expect(asked).toHaveLength(2)
    connect('reconnecting')
    connect('online')
    expect(asked).toHaveLength(3)
    await answer()
    pass(5_000)
    expect(asked).toHaveLength(4)
    await answer()
    pass(181_000)
    expect(asked).toHaveLength(5)
  })

  it('keeps drawing when history fails, says so, and asks again', async () => {
    const { feed, asked, describe, point, pass, cpu } = page()
    feed.start()
    describe()
    await asked[0]?.answer(new Error('down'))
    point(1_000_001, 7)
    expect(feed.state().history).toBe(PROBLEM)
    expect(feed.state().beganSec).toBeNull()
    expect(cpu()).toEqual([7])
    pass(16_000)
    expect(asked).toHaveLength(2)
  })

  it('takes the answer to the newest question only', async () => {
    const { feed, asked, describe } = page()
    feed.start()
    describe()
    feed.look({ range: '1h', untilSec: null })
    await asked[1]?.answer(series(996_400, [9]))
    await asked[0]?.answer(series(999_998, [1, 2]))
    expect(feed.source.frame()?.fromSec).toBe(996_400)
  })

  it('draws the range that history is there for, until the other has come', async () => {
    const { feed, asked, describe } = page()
    feed.start()
    describe()
    await asked[0]?.answer(series(999_998, [1, 2]))
    feed.look({ range: '24h', untilSec: null })
    expect(feed.source.frame()?.fromSec).toBe(999_100)
    await asked[1]?.answer({ ...series(913_600, [9]), stepSec: 60 })
    expect(feed.source.frame()?.times.length).toBeLessThan(1_500)
  })

  it('stands still while looking back', async () => {
    const { feed, asked, describe, point, pass } = page()
    feed.start()
    describe()
    await asked[0]?.answer(series(999_998, [1, 2]))
    feed.look({ range: '15m', untilSec: 990_000 })
    await asked[1]?.answer(series(989_500, [3]))
    point(1_000_001, 7)
    pass(5_000)
    expect(feed.source.frame()?.toSec).toBe(990_000)
    expect(feed.source.latest('cpuUsage')).toBeNull()
  })

  it('lets a gap grow when no point comes', async () => {
    const { feed, asked, describe, point, pass } = page()
    feed.start()
    describe()
    await asked[0]?.answer(series(999_998, [1, 2]))
    point(1_000_000, 5)
    pass(10_000)
    expect(feed.source.frame()?.toSec).toBe(1_000_010)
    expect(feed.source.frame()?.avg.get('cpuUsage')?.at(-1)).toBeNull()
  })

  it('believes the kernel over a point that was sampled before', () => {
    const { feed, describe, point, pass } = page()
    feed.start()
    describe()
    point(1_000_000, 5)
    feed.confirm('frozen', null)
    point(1_000_001, 5, 'running')
    expect(feed.state().state).toBe('frozen')
    point(1_000_002, 0, 'frozen')
    pass(1_000)
    point(1_000_004, 5, 'running')
    expect(feed.state().state).toBe('running')
  })

  it('keeps what it knew when the container has gone', () => {
    const { feed, describe, point } = page()
    feed.start()
    describe()
    point(1_000_000, 5)
    describe(null)
    expect(feed.state()).toMatchObject({ gone: true, state: 'gone', container: { name: 'steady-cpu' } })
  })

  it('tells React of words, not of ticks', async () => {
    const { feed, asked, describe, point } = page()
    feed.start()
    describe()
    await asked[0]?.answer(series(999_998, [1, 2]))
    point(1_000_000, 5)
    let renders = 0
    feed.subscribe(() => {
      renders += 1
    })
    for (let sec = 1; sec <= 20; sec++) point(1_000_000 + sec, sec)
    expect(renders).toBe(0)
    point(1_000_021, 0, 'frozen')
    point(1_000_022, 0, 'frozen')
    point(1_000_023, 0, 'frozen')
    expect(feed.state().frozen).toEqual([{ fromSec: 1_000_021, toSec: null }])
    expect(renders).toBeLessThanOrEqual(2)
  })

  it('keeps the newest minutes that an answer without the host does not have, and asks when the host is back', async () => {
    const { feed, asked, describe, hostAway, cpu, pass } = page()
    feed.start()
    describe()
    await asked[0]?.answer(series(999_998, [1, 2]))
    hostAway()
    pass(5_000)
    await asked[1]?.answer({ ...series(999_000, [7]), tail: 'host-offline' })
    expect(cpu()).toEqual([1, 2])
    expect(feed.state().tailMissing).toBe(true)
    describe()
    expect(asked).toHaveLength(3)
    await asked[2]?.answer(series(999_998, [1, 2, 3]))
    expect(cpu()).toEqual([1, 2, 3])
    expect(feed.state().tailMissing).toBe(false)
  })

  it('says why there are no values', () => {
    const { feed, fault } = page()
    feed.start()
    fault()
    expect(feed.state().problem).toBe(PROBLEM)
  })
})
