/** Where the shell leads to. A view is the fleet with a filter, so its address says what it shows. */

export const fleetHref = (query: string): string => (query === '' ? '/' : `/?q=${encodeURIComponent(query)}`)

/** A host's containers. Names with spaces are quoted, as in the filter. */
export const hostQuery = (name: string): string =>
  /[\s"]/.test(name) ? `host:"${name.replaceAll('"', '')}"` : `host:${name}`

export const PRESSURE_QUERY = 'pressure>10%'
export const FROZEN_QUERY = 'frozen'
