import { BLOCK_VALUES } from '@corral/domain'
import { expect, test } from 'vitest'
import { BOOT, cgroup, connect, describeContainer, inventoryOf, proved, smallReport } from '../testing/agent.ts'
import { createFakeDatabase } from '../testing/fake-database.ts'
import { createTestServices, enrolNewHost } from '../testing/services.ts'
import { storeBlocks } from './blocks.ts'
import { reportInventory } from './inventory.ts'
import { reportLive } from './live.ts'

const setUp = async () => {
  const fixture = createTestServices(createFakeDatabase())
  const { services } = fixture
  const { hostId, identity } = await enrolNewHost(services)
  return { ...fixture, hostId, identity, agent: await proved(services, hostId, identity) }
}

const names = (services: Awaited<ReturnType<typeof setUp>>['services'], hostId: string): string[] =>
  [...services.hub.hosts()]
    .filter((host) => host.hostId === hostId)
    .flatMap((host) => [...host.containers.values()].map(({ description }) => description.name))

const block = (n: number, startSec: number) => ({
  bootId: BOOT,
  cgroupId: cgroup(n),
  startSec,
  values: new Float32Array(BLOCK_VALUES),
})

test('whoever has not proved which host they are reports nothing', async () => {
  await using world = await setUp()
  const stranger = connect(world.services)
  const refused = { code: 'bad-proof' }
  await expect(reportInventory(stranger, inventoryOf())).rejects.toMatchObject(refused)
  await expect(reportLive(stranger, smallReport(1, 10))).rejects.toMatchObject(refused)
  await expect(storeBlocks(stranger, { containers: [], blocks: [] })).rejects.toMatchObject(refused)
})

test('an inventory replaces the one before; an unchanged container costs no further question', async () => {
  await using world = await setUp()
  await reportInventory(world.agent, inventoryOf(describeContainer(1), describeContainer(2)))
  await reportInventory(world.agent, inventoryOf(describeContainer(2), describeContainer(3)))
  expect(names(world.services, world.hostId)).toEqual(['c2', 'c3'])
  expect(world.database.calls.filter((call) => call.startsWith('upsert'))).toEqual(['upsert 2', 'upsert 1'])
  await reportInventory(world.agent, inventoryOf(describeContainer(2, { name: 'renamed' }), describeContainer(3)))
  expect(world.database.calls.at(-1)).toBe('upsert 1')
  expect(names(world.services, world.hostId)).toEqual(['renamed', 'c3'])
})

test('while the database is away known containers stay, and new ones appear when it is back', async () => {
  await using world = await setUp()
  await reportInventory(world.agent, inventoryOf(describeContainer(1)))
  world.database.down = true
  expect(await reportInventory(world.agent, inventoryOf(describeContainer(1), describeContainer(2)))).toEqual({
    ok: true,
  })
  expect(names(world.services, world.hostId)).toEqual(['c1'])
  world.database.down = false
  await expect.poll(() => names(world.services, world.hostId), { timeout: 5000 }).toEqual(['c1', 'c2'])
})

test('an inode means another container after a restart of the host', async () => {
  await using world = await setUp()
  await reportInventory(world.agent, inventoryOf(describeContainer(1)))
  await reportLive(world.agent, smallReport(1, 10))
  const bootId = '99999999-2222-4333-8444-555555555555' as typeof BOOT
  await reportInventory(world.agent, { ...inventoryOf(describeContainer(1, { bootId })), bootId })
  expect(world.database.containerRows.size).toBe(2)
  expect(world.services.hub.host(world.hostId)?.tick).toBeNull()
  await reportLive(world.agent, smallReport(1, 11))
  expect(world.services.hub.host(world.hostId)?.tick).toBeNull()
})

test('blocks are acknowledged after they are stored, and stored once', async () => {
  await using world = await setUp()
  const upload = { containers: inventoryOf(describeContainer(1)).containers, blocks: [block(1, 60), block(1, 120)] }
  expect(await storeBlocks(world.agent, upload)).toEqual({ stored: 2, duplicate: 0 })
  expect(await storeBlocks(world.agent, upload)).toEqual({ stored: 0, duplicate: 2 })
  world.database.down = true
  await expect(storeBlocks(world.agent, upload)).rejects.toMatchObject({ code: 'database-down' })
})

test('a block that waited for hours does not undo what a container is called now', async () => {
  await using world = await setUp()
  await reportInventory(world.agent, inventoryOf(describeContainer(1, { name: 'new name' })))
  await storeBlocks(world.agent, { containers: inventoryOf(describeContainer(1)).containers, blocks: [block(1, 60)] })
  expect([...world.database.containerRows.values()].map(({ name }) => name)).toEqual(['new name'])
})

test("a host writes only its own rows: the same inode of another host is another container's", async () => {
  await using world = await setUp()
  const other = await enrolNewHost(world.services)
  const stranger = await proved(world.services, other.hostId, other.identity)
  const upload = { containers: inventoryOf(describeContainer(1)).containers, blocks: [block(1, 60)] }
  await storeBlocks(world.agent, upload)
  expect(await storeBlocks(stranger, upload)).toEqual({ stored: 1, duplicate: 0 })
  expect(new Set([...world.database.containerRows.values()].map(({ hostId }) => hostId)).size).toBe(2)
})

test('a block of a container that nobody described is refused, and so is one off its minute', async () => {
  await using world = await setUp()
  const refused = { code: 'bad-input' }
  await expect(storeBlocks(world.agent, { containers: [], blocks: [block(7, 60)] })).rejects.toMatchObject(refused)
  const { containers } = inventoryOf(describeContainer(1))
  await expect(storeBlocks(world.agent, { containers, blocks: [block(1, 61)] })).rejects.toMatchObject(refused)
})

test('an agent that makes up containers is held back, and others are not', async () => {
  await using world = await setUp()
  const other = await enrolNewHost(world.services)
  const neighbour = await proved(world.services, other.hostId, other.identity)
  let refused: unknown = null
  for (let round = 0; round < 4 && !refused; round++) {
    const made = Array.from({ length: 4096 }, (_, i) => describeContainer(1 + round * 4096 + i))
    await reportInventory(world.agent, inventoryOf(...made)).catch((error: unknown) => {
      refused = error
    })
  }
  expect(refused).toMatchObject({ code: 'too-much' })
  expect(await reportInventory(neighbour, inventoryOf(describeContainer(1)))).toEqual({ ok: true })
}, 30_000)

test('a flood of reports is held back', async () => {
  await using world = await setUp()
  await reportInventory(world.agent, inventoryOf(describeContainer(1)))
  const codes = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      reportLive(world.agent, smallReport(1, i)).then(
        () => 'ok',
        (error: { code: string }) => error.code,
      ),
    ),
  )
  expect(new Set(codes)).toEqual(new Set(['ok', 'too-much']))
})
