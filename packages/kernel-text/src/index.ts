export { parseFlatKeyed } from './flat-keyed.ts'
export { formatLimit, type Limit, parseLimit } from './limit.ts'
export { KernelTextError } from './parse-error.ts'
