export { Chart } from './chart.tsx'
export { createLivePoints, type LivePoints } from './live-points.ts'
export { type Frame, type History, newestPoint, prepareFrame, recordingBegan } from './prepare.ts'
export {
  DEFAULT_RANGE,
  defaultStepSec,
  formatLook,
  HISTORY_POINTS,
  type Look,
  parseLook,
  RANGES,
  type RangeKey,
  rangeOf,
  shiftLook,
  widenLook,
} from './range.ts'
export { type Crosshair, createCrosshair, createListeners, type FrameSource } from './source.ts'
export { type ChartSpec, metricsOf } from './spec.ts'
