/** The browser's side of the API: client, live values, keys. */

export { type Connection, connectionStore } from './connection.ts'
export { type Problem, readProblem } from './errors.ts'
export { useCell, useConnection, useFleet, useNow, useTick } from './hooks.ts'
export { useKeys } from './keys.ts'
export { liveStore, watchFleet } from './live.ts'
export { type Cell, type Fleet, SMALL_INDEX, type SmallMetric } from './live-store.ts'
export { PHONE, useMedia } from './media.ts'
export { type Person, PersonProvider, usePerson } from './session.tsx'
export { type Client, trpcClient } from './trpc.ts'
export { runUndo, setUndo } from './undo.ts'
export { type Acted, type Acts, DEFAULT_LEASE_SEC, useAct } from './use-act.tsx'
export { type ActSituation, whyNotAct } from './why-not.ts'
