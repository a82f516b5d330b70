import type { AppRouter } from '@corral/api'
import type { LiveContainer } from '@corral/protocol'
import { createTRPCClient, createWSClient, httpLink, splitLink, wsLink } from '@trpc/client'
import { Packr } from 'msgpackr'
import WebSocket from 'ws'
import type { Product } from './product.ts'

/** The API as a browser uses it: signed in by the one-time link, mutations over POST, the rest over the live socket. */

const signIn = async (product: Product): Promise<string> => {
  const answer = await fetch(product.signInLink, { redirect: 'manual' })
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
  if (cookies.length === 0)
    throw new Error(`sign-in gave no session: ${answer.status} ${answer.headers.get('location')}`)
  return cookies.join('; ')
}

export const openBrowserApi = async (product: Product) => {
  const headers = { cookie: await signIn(product), origin: product.url }
  const packr = new Packr({ moreTypes: true, useRecords: false })
  class Socket extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers })
    }
  }
  const http = httpLink<AppRouter>({ url: `${product.url}/api/trpc`, headers })
  const tickets = createTRPCClient<AppRouter>({ links: [http] })
  const socket = createWSClient({
    url: `${product.url.replace('http', 'ws')}/live`,
    WebSocket: Socket as unknown as typeof globalThis.WebSocket,
    connectionParams: () => tickets.session.ticket.mutate(),
    experimental_encoder: {
      encode: (data) => new Uint8Array(packr.pack(data)),
      decode: (data) => packr.unpack(data instanceof ArrayBuffer ? new Uint8Array(data) : Buffer.from(data as string)),
    },
  })
  const client = createTRPCClient<AppRouter>({
    links: [splitLink({ condition: (op) => op.type === 'mutation', true: http, false: wsLink({ client: socket }) })],
  })

  /** The container with this path, once the fleet shows it. */
  const findContainer = (path: string): Promise<LiveContainer> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no container at ${path} after 30 s`)), 30_000)
      const subscription = client.fleet.live.subscribe(undefined, {
        onData: (message) => {
          const found = message.kind === 'fleet' ? message.containers.find((one) => one.path === path) : undefined
          if (!found) return
          clearTimeout(late)
          subscription.unsubscribe()
          resolve(found)
        },
        onError: reject,
      })
    })
  return { client, findContainer, close: () => socket.close() }
}
