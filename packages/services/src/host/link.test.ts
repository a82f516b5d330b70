import { randomBytes } from 'node:crypto'
import { CorralError } from '@corral/domain'
import { PROTOCOL_VERSION, transcriptBytes } from '@corral/protocol'
import { expect, test } from 'vitest'
import { consoleContext, requireHost } from '../context.ts'
import { connect, hostFacts, newIdentity, proved, signatureFor } from '../testing/agent.ts'
import { createFakeDatabase } from '../testing/fake-database.ts'
import { createTestServices, enrolNewHost } from '../testing/services.ts'
import { enrolHost } from './enrol.ts'
import { makeEnrolToken } from './enrol-token.ts'
import { helloHost } from './hello.ts'
import { isSigned, proveHost } from './prove.ts'

const newNonce = () => new Uint8Array(randomBytes(32))
const version = PROTOCOL_VERSION
const facts = hostFacts()

const setUp = async () => {
  const fixture = createTestServices(createFakeDatabase())
  return { ...fixture, ...(await enrolNewHost(fixture.services)) }
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof CorralError ? error.code : String(error)),
  )

test('both sides prove their keys, and only then the connection is that host', async () => {
  await using fixture = await setUp()
  const { services, hostId, identity } = fixture
  const ctx = connect(services)
  expect(() => requireHost(ctx)).toThrow(CorralError)
  const agentNonce = newNonce()
  const said = await helloHost(ctx, { hostId, agentNonce, version })
  const dashboardKey = services.keys.publicKey
  const bytes = transcriptBytes({
    side: 'dashboard',
    hostId,
    agentNonce,
    dashboardKey,
    dashboardNonce: said.dashboardNonce,
  })
  expect(isSigned(bytes, dashboardKey, said.signature)).toBe(true)
  expect(ctx.connection.hostId).toBeNull()
  await proveHost(ctx, { signature: signatureFor(identity, hostId, agentNonce, said, dashboardKey), facts })
  expect(requireHost(ctx)).toBe(hostId)
  expect(services.hub.online).toBe(1)
})

test('a recorded proof is refused on the same and on any other connection', async () => {
  await using fixture = await setUp()
  const { services, hostId, identity } = fixture
  const agentNonce = newNonce()
  const hello = { hostId, agentNonce, version }
  const first = connect(services)
  const said = await helloHost(first, hello)
  const proof = { signature: signatureFor(identity, hostId, agentNonce, said, services.keys.publicKey), facts }

  const second = connect(services)
  await helloHost(second, hello)
  expect(await codeOf(proveHost(second, proof))).toBe('bad-proof')
  expect(second.connection.hostId).toBeNull()

  expect(await codeOf(proveHost(first, proof))).toBe('done')
  expect(await codeOf(proveHost(first, proof))).toBe('bad-proof')
  expect(await codeOf(helloHost(first, hello))).toBe('bad-proof')
})

test('what both sides chose is used up by a wrong proof too', async () => {
  await using fixture = await setUp()
  const { services, hostId, identity } = fixture
  const ctx = connect(services)
  const agentNonce = newNonce()
  const said = await helloHost(ctx, { hostId, agentNonce, version })
  const good = signatureFor(identity, hostId, agentNonce, said, services.keys.publicKey)
  expect(await codeOf(proveHost(ctx, { signature: Uint8Array.from(good, (byte) => byte ^ 1), facts }))).toBe(
    'bad-proof',
  )
  expect(await codeOf(proveHost(ctx, { signature: good, facts }))).toBe('bad-proof')
})

test("another host's key, the dashboard's own signature, and a host that does not exist are refused", async () => {
  await using fixture = await setUp()
  const { services, hostId } = fixture
  const agentNonce = newNonce()
  const other = connect(services)
  const said = await helloHost(other, { hostId, agentNonce, version })
  const foreign = signatureFor(newIdentity(), hostId, agentNonce, said, services.keys.publicKey)
  expect(await codeOf(proveHost(other, { signature: foreign, facts }))).toBe('bad-proof')

  const mirror = connect(services)
  const echo = await helloHost(mirror, { hostId, agentNonce, version })
  expect(await codeOf(proveHost(mirror, { signature: Uint8Array.from(echo.signature), facts }))).toBe('bad-proof')

  const nobody = connect(services)
  const unknown = '00000000-0000-4000-8000-000000000000' as typeof hostId
  const answer = await helloHost(nobody, { hostId: unknown, agentNonce, version })
  const signature = signatureFor(newIdentity(), unknown, agentNonce, answer, services.keys.publicKey)
  expect(await codeOf(proveHost(nobody, { signature, facts }))).toBe('bad-proof')
})

test('a proof without a hello, and a version that is not ours, are refused', async () => {
  await using fixture = await setUp()
  const { services, hostId } = fixture
  expect(await codeOf(proveHost(connect(services), { signature: new Uint8Array(64), facts }))).toBe('bad-proof')
  const hello = { hostId, agentNonce: newNonce(), version: version + 1 }
  expect(await codeOf(helloHost(connect(services), hello))).toBe('wrong-version')
})

test('a token enrols one host, and only its hash is stored', async () => {
  await using fixture = createTestServices(createFakeDatabase())
  const { services, database } = fixture
  const { token, command } = await makeEnrolToken(consoleContext(services), {})
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(command).not.toContain(token)
  expect([...database.tokenHashes]).toEqual([expect.not.stringContaining(token)])
  const results = await Promise.all(
    Array.from({ length: 20 }, () =>
      codeOf(enrolHost(connect(services), { token, publicKey: newIdentity().publicKey, facts })),
    ),
  )
  expect(results.filter((result) => result === 'done')).toHaveLength(1)
  expect(results.filter((result) => result === 'bad-token')).toHaveLength(19)
})

test('one connection cannot try tokens for long', async () => {
  await using fixture = createTestServices(createFakeDatabase())
  const ctx = connect(fixture.services)
  const codes: string[] = []
  for (let i = 0; i < 5; i++)
    codes.push(await codeOf(enrolHost(ctx, { token: `wrong-token-number-${i}`, publicKey: new Uint8Array(32), facts })))
  expect(codes).toEqual(['bad-token', 'bad-token', 'bad-token', 'too-much', 'too-much'])
})

test('a newer connection of a host replaces the older, whose end then changes nothing', async () => {
  await using fixture = await setUp()
  const { services, hostId, identity } = fixture
  const older = await proved(services, hostId, identity)
  const newer = await proved(services, hostId, identity)
  expect(older.cuts.count).toBe(1)
  expect(newer.cuts.count).toBe(0)
  services.hub.close(older.connection)
  expect(services.hub.host(hostId)?.connection).toBe(newer.connection)
  services.hub.close(newer.connection)
  expect(services.hub.online).toBe(0)
})

test('a database that is away proves nobody', async () => {
  await using fixture = await setUp()
  const { services, hostId, identity, database } = fixture
  database.down = true
  await expect(proved(services, hostId, identity)).rejects.toMatchObject({ code: 'database-down' })
  expect(services.hub.online).toBe(0)
})
