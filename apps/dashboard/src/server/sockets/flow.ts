import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/**
 * What waits to be sent to slow readers. tRPC never waits for a socket: without this, one reader that stops reading
 * makes the program hold everything it is ever sent.
 */

/** A live stream may go on while less than this waits, in bytes. */
const PACE_BYTES = 64 * 1024
/** A reader that lets more than this wait is cut at once; the largest fleet is a few MiB. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024
/** A reader that takes nothing for this long, while something waits, is cut. */
export const STALL_MS = 10_000
const LOOK_MS = 1000

/** A socket as the watch sees it. */
export interface Reader {
  /** Bytes that wait to be sent. */
  waiting(): number
  cut(reason: string): void
}

export interface StallWatch {
  /** Judges every reader; `nowMs` is monotonic. */
  look(nowMs: number): void
  add(reader: Reader): void
  /** Tells that the reader has taken everything. */
  drained(reader: Reader): void
  remove(reader: Reader): void
}

/** Who takes nothing, and since when. Pure but for what it calls; time is a parameter. */
export const createStallWatch = (stallMs = STALL_MS): StallWatch => {
  const readers = new Map<Reader, { waited: number; sinceMs: number | null }>()
  return {
    add: (reader) => readers.set(reader, { waited: 0, sinceMs: null }),
    remove: (reader) => readers.delete(reader),
    drained: (reader) => {
      const state = readers.get(reader)
      if (state) state.sinceMs = null
    },
    look(nowMs) {
      for (const [reader, state] of readers) {
        const waiting = reader.waiting()
        // Less than before: some of it was taken. What was added since then can hide that, never feign it.
        if (waiting === 0 || waiting < state.waited) state.sinceMs = null
        else state.sinceMs ??= nowMs
        state.waited = waiting
        if (waiting > MOST_WAITING_BYTES) reader.cut('too much waits to be read')
        else if (state.sinceMs !== null && nowMs - state.sinceMs >= stallMs) reader.cut('nothing was read for too long')
      }
    },
  }
}

export interface Flow extends Disposable {
  /** Puts a socket under watch until it closes. `below` is the TCP or TLS socket that carries it. */
  watch(socket: WebSocket, below: Socket): void
}

/** Watches all sockets of the program once a second. */
export const createFlow = (onCut: (reason: string) => void, stallMs = STALL_MS): Flow => {
  const stalls = createStallWatch(stallMs)
  const timer = setInterval(() => stalls.look(performance.now()), LOOK_MS)
  timer.unref()
  return {
    watch(socket, below) {
      const reader: Reader = {
        waiting: () => socket.bufferedAmount,
        cut: (reason) => {
          stalls.remove(reader)
          onCut(reason)
          // Not `close`: its frame would wait behind all the others.
          socket.terminate()
        },
      }
      const onDrain = (): void => stalls.drained(reader)
      stalls.add(reader)
      below.on('drain', onDrain)
      socket.once('close', () => {
        stalls.remove(reader)
        below.off('drain', onDrain)
      })
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

/**
 * Resolves at once while little waits to be sent, else when all of it was taken. Rejects when `signal` aborts or the
 * socket closes.
 */
export const createPace =
  (socket: WebSocket, below: Socket) =>
  async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    if (socket.bufferedAmount <= PACE_BYTES) return
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        below.off('drain', done)
        socket.off('close', closed)
        signal.removeEventListener('abort', closed)
        resolve()
      }
      const closed = (): void => {
        done()
        reject(signal.reason ?? new Error('the socket closed'))
      }
      below.once('drain', done)
      socket.once('close', closed)
      signal.addEventListener('abort', closed, { once: true })
    })
  }
