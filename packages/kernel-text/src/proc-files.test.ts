import { escapeBytes } from '@corral/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  KernelTextError,
  parseIsExiting,
  parseMountinfo,
  parsePids,
  parseProcCgroup,
  parseProcessStatus,
} from './index.ts'

const ascii = (line: string): Uint8Array => Uint8Array.from(line, (char) => char.charCodeAt(0))

test('a mount point with a space, and optional fields, are read as the kernel means them', () => {
  const [mount] = parseMountinfo(
    '36 35 98:0 /sub\\134 /mnt\\040a rw,noatime shared:1 master:2 - cgroup cgroup rw,xattr,cpu\n',
  )
  expect(mount).toEqual({
    root: '/sub\\',
    mountPoint: '/mnt a',
    fsType: 'cgroup',
    superOptions: ['rw', 'xattr', 'cpu'],
  })
})

test('a mount line without its separator is refused with its text', () => {
  expect(() => parseMountinfo('36 35 98:0 / /mnt rw cgroup2 cgroup2 rw\n')).toThrow(/36 35 98:0/)
})

test('a group path keeps its colons and its bytes', () => {
  const name = Uint8Array.of(0x2f, 0x61, 0x3a, 0xff, 0x1b, 0x3a)
  const [line] = parseProcCgroup(Uint8Array.of(...ascii('12:cpu,cpuacct:'), ...name, 0x0a))
  expect(line).toEqual({ hierarchyId: 12, controllers: ['cpu', 'cpuacct'], path: '/a:\\xff\\u{1b}:' })
})

test('any group name a process can be in comes back as its own path', () => {
  const segment = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((name) => name.filter((byte) => byte !== 0x0a))
  fc.assert(
    fc.property(segment, (name) => {
      const path = Uint8Array.of(0x2f, ...name)
      expect(parseProcCgroup(Uint8Array.of(...ascii('0::'), ...path, 0x0a))).toEqual([
        { hierarchyId: 0, controllers: [], path: escapeBytes(path) },
      ])
    }),
    { numRuns: 2000 },
  )
})

test('a process of an inner pid namespace is told from one of ours', () => {
  const status = (nsPid: string) => `Name:\tsshd\nPPid:\t1\nUid:\t1000\t0\t0\t0\n${nsPid}`
  expect(parseProcessStatus(status('NSpid:\t812\t1\n'))).toEqual({
    name: 'sshd',
    parentPid: 1,
    effectiveUid: 0,
    pidNamespaceDepth: 1,
  })
  expect(parseProcessStatus(status('NSpid:\t812\n')).pidNamespaceDepth).toBe(0)
  expect(parseProcessStatus(status('')).pidNamespaceDepth).toBe(0)
})

test('a process that is ending is told from one that is not, whatever it is called', () => {
  const stat = (flags: number) => `812 (a) S 9 (b) S 1 812 812 0 -1 ${flags} 4107 45114 0 22\n`
  expect(parseIsExiting(stat(4194560))).toBe(false)
  expect(parseIsExiting(stat(4194560 | 4))).toBe(true)
  expect(() => parseIsExiting('812 (sh\n')).toThrow(KernelTextError)
})

test('a process listed twice, or from outside our pid namespace, counts once or not at all', () => {
  expect(parsePids('7\n0\n8\n7\n')).toEqual([7, 8])
})

test('no bytes make a codec fail in any other way than with its own error', () => {
  const parsers = [
    (bytes: Uint8Array) => parseProcCgroup(bytes),
    (bytes: Uint8Array) => parseMountinfo(String.fromCharCode(...bytes)),
    (bytes: Uint8Array) => parseIsExiting(String.fromCharCode(...bytes)),
    (bytes: Uint8Array) => parsePids(String.fromCharCode(...bytes)),
    (bytes: Uint8Array) => parseProcessStatus(String.fromCharCode(...bytes)),
  ]
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const parse of parsers) {
        try {
          parse(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(KernelTextError)
        }
      }
    }),
    { numRuns: 2000 },
  )
})
