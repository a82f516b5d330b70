import { CorralError } from '@corral/domain'
import type { HostLayout, Sampler } from './types.ts'

export const createSampler = (_layout: HostLayout): Sampler => {
  throw new CorralError('internal', 'createSampler is not written yet')
}
