import { expect, test } from 'vitest'
import { hostArguments } from './sockets.ts'

test.each([
  [['dockerd', '-H', 'unix:///srv/d.sock'], ['/srv/d.sock']],
  [
    ['dockerd', '--host', 'unix:///srv/d.sock', '--host=unix:///srv/e.sock'],
    ['/srv/d.sock', '/srv/e.sock'],
  ],
  [['dockerd', '-Hunix:///srv/d.sock'], ['/srv/d.sock']],
  [['dockerd', '-H', 'tcp://0.0.0.0:2375', '-H', 'fd://'], []],
  [['dockerd', '-H'], []],
  [['dockerd', '-H', 'unix://relative.sock'], []],
])('%j listens on %j', (argv, expected) => {
  expect(hostArguments(argv)).toEqual(expected)
})
