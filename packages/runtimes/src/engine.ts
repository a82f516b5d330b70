import { request } from 'node:http'

/** What an engine says about one of its containers. Hostile text: whoever runs a container chooses it. */
export interface EngineContainer {
  readonly name: string
  readonly image: string | null
  readonly labels: Readonly<Record<string, string>>
}

/** Longest answer that is read: a container takes about 2 KiB of it. */
const LONGEST_ANSWER = 16 * 1024 * 1024
/** Lowest version of the API that has all we read; Podman answers it too. */
const LIST_PATH = '/v1.24/containers/json'
const FALLBACK_PATH = '/containers/json'

const get = (socketPath: string, path: string, signal: AbortSignal): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: 'GET', headers: { host: 'docker' }, agent: false, signal })
    asked.once('error', reject)
    asked.once('response', (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > LONGEST_ANSWER) asked.destroy(new Error(`${socketPath} answered more than ${LONGEST_ANSWER} bytes`))
        else chunks.push(chunk)
      })
      response.once('error', reject)
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      )
    })
    asked.end()
  })

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Reads the answer of `GET /containers/json`; entries that are not as documented are left out. */
export const parseContainerList = (body: string): Map<string, EngineContainer> => {
  const list: unknown = JSON.parse(body)
  const found = new Map<string, EngineContainer>()
  if (!Array.isArray(list)) throw new Error('an engine answered something that is no list of containers')
  for (const each of list) {
    const entry = record(each)
    const id = text(entry.Id)
    if (id === null || !/^[0-9a-f]{64}$/.test(id)) continue
    const names: readonly unknown[] = Array.isArray(entry.Names) ? entry.Names : []
    const labels = Object.entries(record(entry.Labels)).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value] as const] : [],
    )
    found.set(id, {
      name: text(names[0])?.replace(/^\//, '') ?? id.slice(0, 12),
      image: text(entry.Image),
      labels: Object.fromEntries(labels),
    })
  }
  return found
}

/**
 * The running containers of a Docker or Podman engine, by full id. Throws when the engine does not answer, answers
 * too much, or `signal` ends the wait. Source: Docker Engine API, "List containers".
 */
export const askDocker = async (socketPath: string, signal: AbortSignal): Promise<Map<string, EngineContainer>> => {
  let answer = await get(socketPath, FALLBACK_PATH, signal)
  if (answer.status === 400 || answer.status === 404) answer = await get(socketPath, LIST_PATH, signal)
  if (answer.status !== 200) throw new Error(`${socketPath} answered ${answer.status}`)
  return parseContainerList(answer.body)
}
