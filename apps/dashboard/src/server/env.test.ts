import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EnvError, readEnv } from './env.ts'

const needed = { DATABASE_URL: 'postgresql://corral:hidden@db/corral', CORRAL_SECRET_DIR: '/var/lib/corral/secrets' }

const complaint = (env: Record<string, string>): string => {
  try {
    readEnv(env)
  } catch (error) {
    if (error instanceof EnvError) return error.message
  }
  return ''
}

test('defaults are loopback, port 3000 and localhost', () => {
  expect(readEnv(needed)).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicOrigin: 'http://localhost:3000',
    runAs: null,
    parentPid: null,
    dev: false,
  })
})

test('the public origin follows PORT unless it is given, and loses a slash at its end', () => {
  expect(readEnv({ ...needed, PORT: '8080' }).publicOrigin).toBe('http://localhost:8080')
  expect(readEnv({ ...needed, CORRAL_PUBLIC_URL: 'https://corral.example:443/' }).publicOrigin).toBe(
    'https://corral.example',
  )
})

test('every wrong or missing variable is named in one message', () => {
  const said = complaint({ PORT: '70000', CORRAL_PUBLIC_URL: 'https://host/path', CORRAL_RUN_UID: 'root' })
  for (const name of ['PORT', 'DATABASE_URL', 'CORRAL_SECRET_DIR', 'CORRAL_PUBLIC_URL', 'CORRAL_RUN_UID'])
    expect(said).toContain(`  ${name} `)
})

test('a value is never repeated: it may hold a password', () => {
  expect(complaint({ ...needed, DATABASE_URL: 'mysql://root:hidden@db' })).not.toContain('hidden')
})

test('a user without a group, root, and a relative secret folder are refused', () => {
  expect(complaint({ ...needed, CORRAL_RUN_UID: '1000' })).toContain('CORRAL_RUN_GID must be given together')
  expect(complaint({ ...needed, CORRAL_RUN_UID: '0', CORRAL_RUN_GID: '0' })).toContain('CORRAL_RUN_UID')
  expect(complaint({ ...needed, CORRAL_SECRET_DIR: 'secrets' })).toContain('absolute path')
})

test('an empty variable counts as absent', () => {
  expect(readEnv({ ...needed, PORT: '', CORRAL_PUBLIC_URL: '' }).port).toBe(3000)
})

test('a password comes from a file where one is named, whatever characters it has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corral-env-'))
  const file = join(folder, 'password')
  writeFileSync(file, 'p@ss/w:rd%\n')
  const env = { ...needed, DATABASE_URL: 'postgresql://corral@db:5432/corral', CORRAL_DATABASE_PASSWORD_FILE: file }
  expect(readEnv(env).databaseUrl).toBe('postgresql://corral:p%40ss%2Fw%3Ard%25@db:5432/corral')
  writeFileSync(file, '\n')
  expect(complaint(env)).toContain('CORRAL_DATABASE_PASSWORD_FILE is empty')
  rmSync(folder, { recursive: true })
  expect(complaint(env)).toContain('CORRAL_DATABASE_PASSWORD_FILE cannot be read')
})
