import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isSigned } from './host/prove.ts'
import { openKeys } from './keys.ts'

const newDir = () => {
  const dir = mkdtempSync(join(tmpdir(), 'corral-keys-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

test('keys are made once, for their user alone, and are the same at the next start', () => {
  const dir = join(newDir(), 'secrets')
  const first = openKeys(dir)
  const second = openKeys(dir)
  expect(second.authSecret).toBe(first.authSecret)
  expect(second.publicKey).toEqual(first.publicKey)
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  expect(readdirSync(dir).sort()).toEqual(['auth-secret', 'dashboard-key.pem'])
  for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
})

test('a signature holds for its bytes and for nothing else', () => {
  const keys = openKeys(newDir())
  const bytes = new Uint8Array([1, 2, 3])
  const signature = keys.sign(bytes)
  expect(keys.publicKey).toHaveLength(32)
  expect(isSigned(bytes, keys.publicKey, signature)).toBe(true)
  expect(isSigned(new Uint8Array([1, 2, 4]), keys.publicKey, signature)).toBe(false)
  expect(isSigned(bytes, openKeys(newDir()).publicKey, signature)).toBe(false)
  expect(isSigned(bytes, new Uint8Array(31), signature)).toBe(false)
})

test('a secret that others may read, or that is damaged, stops the start and is named', () => {
  const open = newDir()
  openKeys(open)
  chmodSync(join(open, 'auth-secret'), 0o644)
  expect(() => openKeys(open)).toThrow(/auth-secret may be read by others/)
  const damaged = newDir()
  writeFileSync(join(damaged, 'dashboard-key.pem'), '', { mode: 0o600 })
  expect(() => openKeys(damaged)).toThrow(/dashboard-key\.pem is damaged/)
})
