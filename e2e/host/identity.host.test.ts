import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { freezeGroup, openGroup, walkGroups } from '@corral/cgroups'
import { type CgroupId, escapeBytes, type GroupPath } from '@corral/domain'
import { expect, test } from 'vitest'
import { Testbed } from './testbed.ts'

const SOON = { deadlineMs: 2000 }

test('of 200 groups that were removed and made again under one path, never is the new one acted on', async () => {
  await using bed = new Testbed()
  const { primary } = bed.layout
  for (let i = 0; i < 200; i++) {
    const old = bed.make('web', [primary])
    using open = openGroup(bed.layout, old)
    rmdirSync(bed.dir('web'))
    bed.make('web', [primary])
    expect(() => openGroup(bed.layout, old)).toThrow(/not the one that was named/)
    await expect(freezeGroup(open, SOON)).rejects.toMatchObject({
      code: expect.stringMatching(/stale-target|kernel-refused/),
    })
    if (primary.version === 2) expect(bed.read('web', 'cgroup.freeze')).toBe('0\n')
    rmdirSync(bed.dir('web'))
  }
})

test('a byte that is no text and the character that stands for it are two groups, and only the named one is frozen', async () => {
  await using bed = new Testbed()
  const { primary } = bed.layout
  const parent = Buffer.from(`${bed.dir('')}/`)
  const names = [
    Buffer.of(0xff),
    Buffer.from('\ufffd'),
    Buffer.from('<img src=x>\u202e\u001b[2J'),
    Buffer.from('a b\\c'),
  ]
  for (const name of names) mkdirSync(Buffer.concat([parent, name]))
  const { groups } = walkGroups(bed.layout)
  const paths = names.map((name) => `/${bed.name}/${escapeBytes(name)}` as GroupPath)
  const found = paths.map((path) => groups.find((group) => group.path === path))
  expect(new Set(found.map((group) => group?.cgroupId)).size).toBe(names.length)
  if (primary.version !== 2) return
  using handle = openGroup(bed.layout, { cgroupId: found[0]?.cgroupId as CgroupId, path: paths[0] as GroupPath })
  await freezeGroup(handle, SOON)
  const freezeOf = (name: Buffer) => readFileSync(Buffer.concat([parent, name, Buffer.from('/cgroup.freeze')]), 'utf8')
  expect(names.map(freezeOf)).toEqual(['1\n', '0\n', '0\n', '0\n'])
})

test('a walk finds what is there and survives what comes and goes', async () => {
  await using bed = new Testbed()
  bed.make('web', [bed.layout.primary])
  bed.make('web/app', [bed.layout.primary])
  await bed.run('web/app', 'sleep 1000', [bed.layout.primary])
  const { groups } = walkGroups(bed.layout)
  const find = (group: string) => groups.find(({ path }) => path === `/${bed.name}${group}`)
  expect(find('/web')).toMatchObject({ ...bed.target('web'), ownProcesses: false, populated: true })
  expect(find('/web/app')).toMatchObject({
    ...bed.target('web/app'),
    ownProcesses: true,
    parentId: find('/web')?.cgroupId,
  })
  expect(Math.abs((find('/web')?.createdSec ?? 0) - Date.now() / 1000)).toBeLessThan(30)
  expect(existsSync(bed.dir('web'))).toBe(true)
})
