import type { ContainerMessage, Series } from '@corral/protocol'

/**
 * What the socket carries arrives as msgpack decoded it: typed arrays as typed arrays. tRPC's types speak of JSON, so
 * the parts that JSON does not have are looked at here. The rest is the dashboard's own word.
 */

const isFloats = (value: unknown): value is Float32Array => value instanceof Float32Array

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined

export const isContainerMessage = (value: unknown): value is ContainerMessage => {
  const kind = fieldOf(value, 'kind')
  return kind === 'container' || (kind === 'point' && isFloats(fieldOf(value, 'values')))
}

export const isSeries = (value: unknown): value is Series => {
  const rows = [fieldOf(value, 'avg'), fieldOf(value, 'peak')]
  return rows.every((row) => Array.isArray(row) && row.every(isFloats))
}
