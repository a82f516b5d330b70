import { existsSync } from 'node:fs'
import { isRoot } from '../launch/paths.ts'
import { run } from './run.ts'

const DEBIAN_CHROMIUM = '/usr/bin/chromium'

/** Finds or installs a browser: Debian's Chromium through apt as root, Playwright's own otherwise. */
export const requireBrowser = async (): Promise<string | null> => {
  if (existsSync(DEBIAN_CHROMIUM)) return null
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.log('• Installing Chromium (apt-get) …')
    await run('apt-get', ['update', '-qq'])
    const done = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (done.code === 0 && existsSync(DEBIAN_CHROMIUM)) return null
  }
  const done = await run('npx', ['playwright', 'install', 'chromium'])
  return done.code === 0 ? null : 'no Chromium is installed, and none could be: apt-get install chromium'
}
