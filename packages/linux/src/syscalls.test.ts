import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { errorCode, linuxSyscalls, POLLPRI, SystemError } from './index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corral-linux-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const openDir = (path: string): number => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)

test('openat follows the directory it was given, not the path that directory had', () => {
  mkdirSync(join(folder, 'a'))
  writeFileSync(join(folder, 'a/file'), 'mine')
  const dir = openDir(join(folder, 'a'))
  renameSync(join(folder, 'a'), join(folder, 'gone'))
  mkdirSync(join(folder, 'a'))
  writeFileSync(join(folder, 'a/file'), 'not mine')
  const fd = linuxSyscalls().openat(dir, 'file', constants.O_RDONLY)
  expect(readFileSync(fd, 'utf8')).toBe('mine')
  closeSync(fd)
  closeSync(dir)
})

test('a failed call throws with the name of the errno, the call and the file', () => {
  const dir = openDir(folder)
  const open = () => linuxSyscalls().openat(dir, 'absent', constants.O_RDONLY)
  expect(open).toThrow(new SystemError('openat', 2, 'absent'))
  expect(open).toThrow('ENOENT: openat absent')
  closeSync(dir)
})

test('poll comes back at its time with no event when nothing happens', () => {
  const fd = openSync(process.execPath, 'r')
  const began = performance.now()
  expect(linuxSyscalls().poll(fd, POLLPRI, 20) & POLLPRI).toBe(0)
  expect(performance.now() - began).toBeGreaterThan(15)
  closeSync(fd)
})

test('the errno name is found on our errors and on those of Node', () => {
  expect(errorCode(new SystemError('openat', 19, 'x'))).toBe('ENODEV')
  expect(() => readFileSync(join(folder, 'absent'))).toThrow(expect.toSatisfy((error) => errorCode(error) === 'ENOENT'))
  expect(errorCode(new Error('other'))).toBeNull()
})
