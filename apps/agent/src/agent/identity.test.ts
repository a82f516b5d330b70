import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { hostId, type Transcript, transcriptBytes } from '@corral/protocol'
import { tempDir } from '@corral/testing'
import { expect, test } from 'vitest'
import { openIdentity, readEnrolment, saveEnrolment, verifyDashboard } from './identity.ts'

const HOST = hostId.parse('6f1c1f5e-02b4-4a2a-9b1e-3a54d5c3f0aa')
const keys = generateKeyPairSync('ed25519')
const dashboardKey = new Uint8Array(Buffer.from(String(keys.publicKey.export({ format: 'jwk' }).x), 'base64url'))
const nonce = () => new Uint8Array(randomBytes(32))
const transcript = (given: Partial<Transcript> = {}): Transcript => ({
  side: 'dashboard',
  hostId: HOST,
  agentNonce: nonce(),
  dashboardNonce: nonce(),
  dashboardKey,
  ...given,
})
const signed = (what: Transcript) => sign(null, transcriptBytes(what), keys.privateKey)

test('the dashboard is believed when it signed exactly this handshake', () => {
  const what = transcript()
  expect(() => verifyDashboard(what, signed(what))).not.toThrow()
})

test.each([
  ['another nonce of ours (a replay)', { agentNonce: nonce() }],
  ['another nonce of its own', { dashboardNonce: nonce() }],
  ['another host', { hostId: '00000000-0000-4000-8000-000000000000' }],
  ['the part of the agent', { side: 'agent' as const }],
])('a signature over %s is refused', (_, other) => {
  const what = transcript()
  expect(() => verifyDashboard(what, signed({ ...what, ...other }))).toThrow(/could not prove/)
})

test('a transcript of our own side never proves the dashboard', () => {
  const what = transcript({ side: 'agent' })
  expect(() => verifyDashboard(what, signed(what))).toThrow(/could not prove/)
})

test('another key than the pinned one is refused', () => {
  const other = generateKeyPairSync('ed25519').privateKey
  const what = transcript()
  expect(() => verifyDashboard(what, sign(null, transcriptBytes(what), other))).toThrow(/could not prove/)
})

test('a signature with any one bit changed is refused', () => {
  const what = transcript()
  const good = signed(what)
  for (let bit = 0; bit < good.length * 8; bit += 7) {
    const bad = Buffer.from(good)
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => verifyDashboard(what, bad)).toThrow(/could not prove/)
  }
})

test('our key is made once, kept, and readable by us alone', () => {
  using dir = tempDir()
  const first = openIdentity(dir.path)
  expect(openIdentity(dir.path).publicKey).toEqual(first.publicKey)
  expect(first.publicKey).toHaveLength(32)
  expect(statSync(join(dir.path, 'agent-key.pem')).mode & 0o777).toBe(0o600)
})

test('an enrolment comes back as it was saved', () => {
  using dir = tempDir()
  expect(readEnrolment(dir.path)).toBeNull()
  saveEnrolment(dir.path, { hostId: HOST, dashboardKey })
  expect(readEnrolment(dir.path)).toEqual({ hostId: HOST, dashboardKey })
})
