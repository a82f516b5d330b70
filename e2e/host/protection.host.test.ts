import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computeProtection, groupOfProcess } from '@corral/cgroups'
import { expect, test } from 'vitest'
import { Testbed, until } from './testbed.ts'

test('the root, our own group and what holds a daemon of the host are protected; a container is not', async () => {
  await using bed = new Testbed()
  const folder = mkdtempSync(join(tmpdir(), 'corral-host-'))
  try {
    const daemon = join(folder, 'dockerd')
    copyFileSync('/bin/sleep', daemon)
    const web = bed.make('web')
    const docker = bed.make('docker')
    const inner = bed.make('inner')
    const own = bed.make('own')
    await bed.run('web', 'exec sleep 1000')
    await bed.run('docker', `exec ${daemon} 1000`)
    await bed.run('inner', `exec unshare --pid --fork --kill-child ${daemon} 1000`)
    const pid = await bed.run('own', 'exec sleep 1000')
    const protection = () => computeProtection(bed.layout, [process.pid, pid])
    await until('the daemon runs', () => protection()(docker.path) !== null)
    const reason = protection()
    expect(reason('/' as typeof web.path)).toMatch(/root/)
    expect(reason(docker.path)).toMatch(/dockerd/)
    expect(reason(own.path)).toMatch(/Corral/)
    expect(reason(web.path)).toBeNull()
    // The same name inside a pid namespace of its own is a container's affair.
    await until('the inner one runs', () => bed.read('inner', 'cgroup.procs').trim().split('\n').length === 2)
    expect(reason(inner.path)).toBeNull()
    const ours = groupOfProcess(bed.layout, process.pid)
    expect(ours && reason(ours)).not.toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
