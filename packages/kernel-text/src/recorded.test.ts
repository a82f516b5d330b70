import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  createFlatScanner,
  FREEZER,
  parseFlatKeyed,
  parseMountinfo,
  parsePids,
  parseProcCgroup,
  parseProcessStatus,
  parseWords,
  type Scan,
  scanBlkio,
  scanFreezerState,
  scanInteger,
  scanNetDev,
  scanPressure,
} from './index.ts'

const kernel = join(import.meta.dirname, '../../../fixtures/kernels/6.18-debian12-hybrid')
const bytes = (file: string): Uint8Array => readFileSync(join(kernel, file))
const text = (file: string): string => readFileSync(join(kernel, file), 'utf8')

const scanned = (scan: Scan, file: string, count: number): number[] => {
  const out = new Float64Array(count)
  const content = bytes(file)
  scan(content, content.length, out, 0)
  return [...out]
}

test('recorded 6.18 hybrid: every scanned file gives the numbers that stand in it', () => {
  expect(scanned(createFlatScanner(['usage_usec', 'system_usec']), 'v2/cpu.stat', 2)).toEqual([613032, 109864])
  expect(scanned(scanPressure, 'v2/io.pressure', 2).every(Number.isInteger)).toBe(true)
  expect(scanned(createFlatScanner(['frozen', 'populated']), 'v2/cgroup.events', 2)).toEqual([0, 1])
  expect(scanned(scanInteger, 'v2/cgroup.freeze', 1)).toEqual([0])
  expect(scanned(createFlatScanner(['throttled_time']), 'v1/cpu.stat', 1)).toEqual([2389767552])
  expect(scanned(scanInteger, 'v1/cpuacct.usage', 1)).toEqual([612839379])
  expect(scanned(scanInteger, 'v1/memory.usage_in_bytes', 1)).toEqual([303104])
  expect(scanned(scanBlkio, 'v1/blkio.throttle.io_service_bytes_recursive', 2)).toEqual([4194304, 4210688])
  expect(scanned(scanBlkio, 'v1/blkio.throttle.io_serviced_recursive', 2)).toEqual([64, 69])
  expect(scanned(scanFreezerState, 'v1/freezer.state', 1)).toEqual([FREEZER.thawed])
  expect(scanned(scanNetDev, 'proc/pid-net-dev', 2).every((sum) => sum > 3193)).toBe(true)
})

test('recorded 6.18 hybrid: the scanner of memory.stat agrees with the text codec', () => {
  const keys = ['total_rss', 'total_cache', 'total_inactive_file', 'total_pgmajfault'] as const
  const parsed = parseFlatKeyed(text('v1/memory.stat'), keys)
  expect(scanned(createFlatScanner(keys), 'v1/memory.stat', 4)).toEqual(keys.map((key) => parsed[key]))
})

test('recorded 6.18 hybrid: mounts, groups and the process itself', () => {
  const mounts = parseMountinfo(text('proc/self-mountinfo'))
  expect(mounts.find((mount) => mount.fsType === 'cgroup2')?.mountPoint).toBe('/sys/fs/cgroup/unified')
  expect(mounts.find((mount) => mount.superOptions.includes('memory'))?.mountPoint).toBe('/sys/fs/cgroup/memory')
  expect(mounts.every((mount) => mount.root === '/')).toBe(true)

  const groups = parseProcCgroup(bytes('proc/pid-cgroup'))
  const unified = groups.find((line) => line.hierarchyId === 0)
  expect(unified?.controllers).toEqual([])
  expect(groups.find((line) => line.controllers.includes('memory'))?.path).toBe(unified?.path)
  expect(groups.find((line) => line.controllers.includes('name=systemd'))?.path).toBe('/')

  const [pid] = parsePids(text('v2/cgroup.procs'))
  expect(text('proc/pid-status')).toContain(`\nPid:\t${pid}\n`)
  expect(parseProcessStatus(text('proc/pid-status'))).toMatchObject({
    name: 'sleep',
    effectiveUid: 0,
    pidNamespaceDepth: 0,
  })
  expect(parseWords(text('v2/cgroup.controllers'))).toEqual([])
})
