import { type ContainerState, METRIC_COUNT, METRIC_INDEX, type MetricKey } from '@corral/domain'
import type { ContainerMessage, LiveContainer, LiveHost, LiveLease, Series } from '@corral/protocol'
import type { Connection, Problem } from '../../client/index.ts'
import {
  createListeners,
  createLivePoints,
  defaultStepSec,
  type Frame,
  type FrameSource,
  HISTORY_POINTS,
  type History,
  type Look,
  prepareFrame,
  rangeOf,
  recordingBegan,
} from '../chart/index.ts'
import { CHART_METRICS } from './charts.ts'

/**
 * Everything one container page knows, outside React. Points go from the socket into the charts' source without a
 * render; React hears only of what it writes as words. A hidden page does no work at all, and jumps to now when it is
 * seen again.
 */

/** What the page says in words; a new object only when one of them changed. */
export interface FeedState {
  readonly container: LiveContainer | null
  readonly host: LiveHost | null
  readonly state: ContainerState | 'unknown'
  /** It was there, and its group has ended. */
  readonly gone: boolean
  /** Why there are no live values, if the server said so. */
  readonly problem: Problem | null
  readonly history: 'loading' | 'ready' | Problem
  /** History answered without the host's newest minutes. */
  readonly tailMissing: boolean
  /** When recording visibly began, if that lies in the range; Unix seconds. */
  readonly beganSec: number | null
  readonly frozen: readonly FrozenMark[]
}

/** A frozen stretch in view; null where it goes on beyond that edge. */
export interface FrozenMark {
  readonly fromSec: number | null
  readonly toSec: number | null
}

export interface FeedBackend {
  /** Streams one container until the returned function is called. */
  watch(on: { message(message: ContainerMessage): void; fault(problem: Problem): void }): () => void
  history(input: {
    readonly metrics: MetricKey[]
    readonly fromSec: number
    readonly toSec: number
    readonly points: number
  }): Promise<Series>
  readProblem(error: unknown): Problem
  readonly link: { get(): Connection; subscribe(listener: () => void): () => void }
}

/** The page's surroundings, so that a test can be them. */
export interface FeedHost {
  nowMs(): number
  every(ms: number, run: () => void): () => void
  visible(): boolean
  onVisibility(listener: () => void): () => void
}

export interface Feed {
  readonly source: FrameSource
  state(): FeedState
  subscribe(listener: () => void): () => void
  /** Unix time in seconds at the host, as near as the newest point tells. */
  nowSec(): number
  look(look: Look): void
  retryHistory(): void
  /** Takes a state that the kernel confirmed, and the lease that came with it, before the next message says so. */
  confirm(state: ContainerState, lease: LiveLease | null): void
  /** Begins to stream; the returned function ends it and everything else. */
  start(): () => void
}

/** How often history is asked again, so that what this page missed is repaired. */
const REPAIR_MS = 180_000
/** How soon after a stream began: the seconds between history's answer and the first point are repaired then. */
const SEAM_MS = 4_000
/** How soon after a failed answer. */
const RETRY_MS = 15_000
/** Without a point for this long, the window moves on by the clock and a gap grows. */
const QUIET_MS = 2_500
/** Points sampled before an act may still arrive after its answer for this long. */
const CONFIRMED_MS = 2_500

const EMPTY: FeedState = {
  container: null,
  host: null,
  state: 'unknown',
  gone: false,
  problem: null,
  history: 'loading',
  tailMissing: false,
  beganSec: null,
  frozen: [],
}

const marksOf = (frame: Frame): readonly FrozenMark[] =>
  frame.frozen.map(({ fromSec, toSec }) => ({
    fromSec: fromSec <= frame.fromSec ? null : fromSec,
    toSec: toSec >= frame.toSec ? null : toSec,
  }))

const sameMarks = (a: readonly FrozenMark[], b: readonly FrozenMark[]): boolean =>
  a.length === b.length && a.every(({ fromSec, toSec }, i) => fromSec === b[i]?.fromSec && toSec === b[i]?.toSec)

export const createFeed = (backend: FeedBackend, host: FeedHost, first: Look): Feed => {
  const words = createListeners()
  const frames = createListeners()
  const live = createLivePoints()
  const newest = new Float32Array(METRIC_COUNT).fill(Number.NaN)
  let state = EMPTY
  let frame: Frame | null = null
  let history: History | null = null
  /** What is drawn, and what was asked for and is drawn once its history is there. */
  let drawn = first
  let asked = first
  let offsetSec = 0
  let heardMs = Number.NEGATIVE_INFINITY
  let askedMs = Number.NEGATIVE_INFINITY
  /** Whether the stream has begun since history was last asked for by the clock. */
  let seam = true
  let turn = 0
  let confirmed: { readonly state: ContainerState; readonly untilMs: number } | null = null

  const say = (next: Partial<FeedState>) => {
    const keys = Object.keys(next) as (keyof FeedState)[]
    if (keys.every((key) => state[key] === next[key])) return
    state = { ...state, ...next }
    words.tell()
  }

  const nowSec = () => host.nowMs() / 1000 + offsetSec

  const rightEdge = (look: Look): number => {
    if (look.untilSec !== null) return look.untilSec
    const fresh = live.count > 0 && host.nowMs() - heardMs < QUIET_MS
    return fresh ? live.atSec(live.count - 1) : Math.floor(nowSec())
  }

  const redraw = () => {
    const { sec } = rangeOf(drawn.range)
    const toSec = rightEdge(drawn)
    frame = prepareFrame({
      history,
      live,
      fromSec: toSec - sec,
      toSec,
      stepSec: defaultStepSec(sec),
      metrics: CHART_METRICS,
    })
    const marks = marksOf(frame)
    say({
      beganSec: history === null ? null : recordingBegan(frame),
      ...(sameMarks(marks, state.frozen) ? {} : { frozen: marks }),
    })
    frames.tell()
  }

  const askHistory = async () => {
    const look = asked
    turn += 1
    const mine = turn
    askedMs = host.nowMs()
    if (state.history !== 'ready') say({ history: 'loading' })
    const { sec } = rangeOf(look.range)
    const toSec = Math.ceil(look.untilSec ?? nowSec())
    try {
      const series = await backend.history({
        metrics: [...CHART_METRICS],
        fromSec: toSec - sec,
        toSec,
        points: HISTORY_POINTS,
      })
      if (mine !== turn) return
      const tailMissing = series.tail === 'host-offline'
      // An answer without the host's newest minutes must not take away what an earlier one had of them.
      if (!tailMissing || drawn !== look || history?.series.tail !== 'complete') {
        history = { metrics: CHART_METRICS, series, coveredToSec: toSec }
      }
      say({ history: 'ready', tailMissing })
    } catch (error) {
      if (mine !== turn) return
      // A picture that is only older stays; one of another range would be a lie.
      if (drawn !== look) history = null
      say({ history: backend.readProblem(error) })
    }
    drawn = look
    redraw()
  }

  const receive = (message: ContainerMessage) => {
    if (message.kind === 'container') {
      receiveWords(message)
      return
    }
    if (!live.push(message.atSec, message.values)) return
    newest.set(message.values)
    heardMs = host.nowMs()
    offsetSec = message.atSec - heardMs / 1000
    if (confirmed !== null && (heardMs > confirmed.untilMs || message.state === confirmed.state)) confirmed = null
    if (confirmed === null) say({ state: message.state, problem: null })
    redraw()
  }

  const receiveWords = ({ container, host: where }: Extract<ContainerMessage, { kind: 'container' }>) => {
    const gone = container === null
    const returned = state.host?.online === false && where?.online === true
    // What was known of it stays readable after it has gone.
    say({
      container: container ?? state.container,
      host: where ?? state.host,
      gone,
      problem: null,
      ...(gone ? { state: 'gone' as const } : {}),
    })
    if (!gone && state.state === 'gone') say({ state: 'unknown' })
    if (where?.online === true && live.count === 0) offsetSec = where.lastSeenSec - host.nowMs() / 1000
    if (returned) seam = true
    if (returned || askedMs === Number.NEGATIVE_INFINITY) void askHistory()
  }

  /** Once a second while the page is seen. */
  const beat = () => {
    const sinceAskMs = host.nowMs() - askedMs
    const failed = typeof state.history === 'object' || state.tailMissing
    if (sinceAskMs > (failed ? RETRY_MS : seam ? SEAM_MS : REPAIR_MS) && (drawn.untilSec === null || failed)) {
      seam = false
      void askHistory()
    }
    if (drawn.untilSec === null && host.nowMs() - heardMs >= QUIET_MS) redraw()
  }

  const stream = (): (() => void) => {
    const unwatch = backend.watch({ message: receive, fault: (problem) => say({ problem }) })
    let link = backend.link.get()
    const unlink = backend.link.subscribe(() => {
      const before = link
      link = backend.link.get()
      if (before !== 'reconnecting' || link !== 'online') return
      seam = true
      void askHistory()
    })
    const stopBeat = host.every(1_000, beat)
    return () => {
      unwatch()
      unlink()
      stopBeat()
    }
  }

  return {
    source: {
      frame: () => frame,
      latest(metric) {
        const value = newest[METRIC_INDEX[metric]]
        return drawn.untilSec === null && value !== undefined && Number.isFinite(value) ? value : null
      },
      subscribe: frames.subscribe,
    },
    state: () => state,
    subscribe: words.subscribe,
    nowSec,
    look(look) {
      if (look.range === asked.range && look.untilSec === asked.untilSec) return
      asked = look
      void askHistory()
    },
    retryHistory: () => void askHistory(),
    confirm(next, lease) {
      confirmed = { state: next, untilMs: host.nowMs() + CONFIRMED_MS }
      say({ state: next, container: state.container === null ? null : { ...state.container, lease } })
    },
    start() {
      let stop: (() => void) | null = null
      const follow = () => {
        if (!host.visible()) {
          stop?.()
          stop = null
        } else if (stop === null) {
          const again = askedMs !== Number.NEGATIVE_INFINITY
          seam = true
          stop = stream()
          if (again) void askHistory()
        }
      }
      const forget = host.onVisibility(follow)
      follow()
      return () => {
        forget()
        stop?.()
        turn += 1
      }
    },
  }
}
