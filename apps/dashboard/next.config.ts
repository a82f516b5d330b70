import { resolve } from 'node:path'
import type { NextConfig } from 'next'

/** Where the workspace's packages and their dependencies are found, and what the standalone folder mirrors. */
const repoRoot = resolve(import.meta.dirname, '../..')

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: repoRoot,
  turbopack: { root: repoRoot },
  transpilePackages: ['@corral/domain', '@corral/protocol', '@corral/api'],
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run verify` checks types; TypeScript 7 has no API that Next could ask.
  typescript: { ignoreBuildErrors: true },
  experimental: { useTypeScriptCli: true },
  // The server sets headers, limits and compression; the image optimizer would fetch what it is told to.
  compress: false,
  images: { unoptimized: true },
  devIndicators: false,
}

export default config
