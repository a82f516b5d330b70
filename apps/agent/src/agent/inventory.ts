import type { BootId, ContainerDescription, FreezeLease } from '@corral/domain'
import { AGENT_FRAME_BYTES, type InventoryReport } from '@corral/protocol'
import type { Codec } from '../shared/codec.ts'

const MOST_INVENTORY_BYTES = AGENT_FRAME_BYTES - 64 * 1024

export interface InventoryParts {
  readonly bootId: BootId
  readonly containers: readonly ContainerDescription[]
  readonly leases: readonly FreezeLease[]
  readonly omitted: number
}

/**
 * The report of who is there, made to fit into one frame: if it does not, labels go first, then the containers at the
 * end, which are counted as omitted.
 */
export const inventoryOf = (parts: InventoryParts, codec: Codec, mostBytes = MOST_INVENTORY_BYTES): InventoryReport => {
  const report = (kept: number, withLabels: boolean): InventoryReport => ({
    bootId: parts.bootId,
    containers: parts.containers
      .slice(0, kept)
      .map((container) => ({ ...container, labels: withLabels ? { ...container.labels } : {} })),
    leases: [...parts.leases],
    omitted: parts.omitted + parts.containers.length - kept,
  })
  const all = parts.containers.length
  const full = report(all, true)
  if (codec.encode(full).length <= mostBytes) return full
  for (let kept = all; kept > 0; kept = Math.floor(kept * 0.8)) {
    const less = report(kept, false)
    if (codec.encode(less).length <= mostBytes) return less
  }
  return report(0, false)
}
