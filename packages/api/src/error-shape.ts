import type { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { type CorralErrorData, mapError, toTrpcError } from './error-map.ts'

interface Shape {
  readonly message: string
  readonly code: number
  readonly data: object
}

/** tRPC's error formatter of both routers: our words and codes, an id, and nothing of the inside. */
export const formatError = ({ shape, error }: { readonly shape: Shape; readonly error: TRPCError }) => {
  const { code, title, hint, detail, id } = mapError(error)
  const sent = toTrpcError(error)
  const corral: CorralErrorData = { code, title, hint, detail, id }
  const { path } = shape.data as { readonly path?: string }
  return {
    message: detail === null ? title : `${title}: ${detail}`,
    code: TRPC_ERROR_CODES_BY_KEY[sent.code],
    data: {
      code: sent.code,
      httpStatus: getHTTPStatusCodeFromError(sent),
      ...(path === undefined ? {} : { path }),
      corral,
    },
  }
}
