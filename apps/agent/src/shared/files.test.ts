import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempDir } from '@corral/testing'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { prepareAgentHome } from '../warden/agent-home.ts'
import { createFile, readIfThere, replaceFile } from './files.ts'
import { createLineSplitter } from './lines.ts'
import { VERSION } from './version.ts'

test('a replaced file is whole, ours alone, and leaves nothing beside it', () => {
  using dir = tempDir()
  const path = join(dir.path, 'a')
  writeFileSync(`${path}.next`, 'left by a crash')
  replaceFile(path, 'one')
  replaceFile(path, 'two')
  expect(readIfThere(path)).toBe('two')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(existsSync(`${path}.next`)).toBe(false)
})

test('a link that someone planted is never written through', () => {
  using dir = tempDir()
  const victim = join(dir.path, 'victim')
  writeFileSync(victim, 'untouched')
  symlinkSync(victim, join(dir.path, 'a.next'))
  symlinkSync(victim, join(dir.path, 'b'))
  replaceFile(join(dir.path, 'a'), 'text')
  expect(() => createFile(join(dir.path, 'b'), () => {})).toThrow()
  expect(readFileSync(victim, 'utf8')).toBe('untouched')
})

test('a link in the place of the token is not followed by root', () => {
  using dir = tempDir()
  const options = {
    dashboard: 'http://127.0.0.1:1',
    stateDir: dir.path,
    agentUid: null,
    agentGid: null,
    protectPids: [],
  }
  const { tokenFile } = prepareAgentHome({ ...options, tokenFile: null })
  const victim = join(dir.path, 'victim')
  writeFileSync(victim, 'untouched')
  symlinkSync(victim, tokenFile)
  const given = join(dir.path, 'given')
  writeFileSync(given, 'token')
  prepareAgentHome({ ...options, tokenFile: given })
  expect(readFileSync(victim, 'utf8')).toBe('untouched')
  expect(readFileSync(tokenFile, 'utf8')).toBe('token')
  expect(existsSync(given)).toBe(false)
})

test('lines are split wherever the chunks end; one that is too long is dropped alone', () => {
  const text = 'one\n\ntwo two\nfar too long a line\nthree\n'
  for (let size = 1; size <= text.length; size++) {
    const split = createLineSplitter(10)
    const lines: (string | null)[] = []
    for (let at = 0; at < text.length; at += size) lines.push(...split(Buffer.from(text.slice(at, at + size))))
    expect(lines).toEqual(['one', 'two two', null, 'three'])
  }
})

test('the version that is told is that of the package', () => {
  expect(VERSION).toBe(packageJson.version)
})
