import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const debianChromium = '/usr/bin/chromium'

/** The browser lane: the real product, started as a newcomer would, in a real browser. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/web',
  // One product, one browser, in order: each test builds on what the one before has seen.
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  use: {
    trace: 'retain-on-failure',
    video: 'off',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(existsSync(debianChromium) && { executablePath: debianChromium }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    },
  },
})
