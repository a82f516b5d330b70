export { BOOT, freezeOf, OTHER_BOOT, someContainer, someHost, thawOf } from './factories.ts'
export { type TempDir, tempDir } from './temp-dir.ts'
export { until } from './until.ts'
