import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isApiPath } from '../http/api-path.ts'
import type { Mountable } from './mountable.ts'

interface KoaLike {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** False: Koa writes no response of its own. */
  respond?: boolean
}

/** The management API as middleware of Koa: `app.use(koaMiddleware(escapement))`. All others reach the next one. */
export function koaMiddleware(
  escapement: Pick<Mountable, 'handler'>
): (context: KoaLike, next: () => Promise<unknown>) => Promise<unknown> {
  return async (context, next) => {
    if (!isApiPath(context.req.url ?? '')) return next()
    context.respond = false
    escapement.handler(context.req, context.res)
    return once(context.res, 'close')
  }
}
