import { isApiPath } from '../http/api-path.ts'
import type { Mountable } from './mountable.ts'

interface HonoLike {
  readonly req: { readonly path: string; readonly raw: Request }
}

/** The management API as middleware of Hono: `app.use(honoMiddleware(escapement))`. All others reach the next one. */
export function honoMiddleware(
  escapement: Pick<Mountable, 'fetch'>
): (context: HonoLike, next: () => Promise<void>) => Promise<Response | void> {
  return async ({ req }, next) => (isApiPath(req.path) ? escapement.fetch(req.raw) : next())
}
