export { type Crumb, Head, LiveClock } from './head.tsx'
export { FROZEN_QUERY, fleetHref, hostQuery, PRESSURE_QUERY } from './links.ts'
export { FILTER_ID, Shell } from './shell.tsx'
export { toggleTheme } from './theme.ts'
