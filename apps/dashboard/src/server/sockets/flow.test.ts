import { expect, test } from 'vitest'
import { createStallWatch, type Reader, STALL_MS } from './flow.ts'

const readerOf = (state: { waiting: number }): Reader & { cuts: string[] } => {
  const cuts: string[] = []
  return { cuts, waiting: () => state.waiting, cut: (reason) => cuts.push(reason) }
}

/** Looks once a second from `from` to `to` (in seconds), after `change`. */
const pass = (
  watch: { look(nowMs: number): void },
  from: number,
  to: number,
  change: (sec: number) => void = () => {},
) => {
  for (let sec = from; sec <= to; sec++) {
    change(sec)
    watch.look(sec * 1000)
  }
}

test('a reader that takes nothing is cut after 10 s, not before', () => {
  const watch = createStallWatch()
  const reader = readerOf({ waiting: 1000 })
  watch.add(reader)
  pass(watch, 0, STALL_MS / 1000 - 1)
  expect(reader.cuts).toEqual([])
  pass(watch, STALL_MS / 1000, STALL_MS / 1000)
  expect(reader.cuts).toEqual(['nothing was read for too long'])
})

test('a reader for whom more and more waits is cut after 10 s as well', () => {
  const watch = createStallWatch()
  const state = { waiting: 0 }
  const reader = readerOf(state)
  watch.add(reader)
  pass(watch, 0, 11, () => (state.waiting += 100))
  expect(reader.cuts.length).toBeGreaterThan(0)
})

test('a slow reader that takes something within each 10 s stays', () => {
  const watch = createStallWatch()
  const state = { waiting: 900_000 }
  const reader = readerOf(state)
  watch.add(reader)
  pass(watch, 0, 120, (sec) => {
    if (sec % 9 === 0) state.waiting -= 1000
  })
  expect(reader.cuts).toEqual([])
})

test('a reader who took everything between two looks stays, however much waits again', () => {
  const watch = createStallWatch()
  const reader = readerOf({ waiting: 50_000 })
  watch.add(reader)
  pass(watch, 0, 60, (sec) => {
    if (sec % 5 === 0) watch.drained(reader)
  })
  expect(reader.cuts).toEqual([])
})

test('a reader for whom more than 4 MiB waits is cut at once', () => {
  const watch = createStallWatch()
  const reader = readerOf({ waiting: 4 * 1024 * 1024 + 1 })
  watch.add(reader)
  watch.look(0)
  expect(reader.cuts).toEqual(['too much waits to be read'])
})
