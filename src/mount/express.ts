import type { NodeHandler } from '../http/node-handler.ts'
import type { Mountable } from './mountable.ts'

/**
 * The management API as a handler of Express, Connect or a Nest app on Express: `app.use(expressHandler(escapement))`.
 * All others reach the next handler. It is `escapement.handler`.
 */
export function expressHandler(escapement: Pick<Mountable, 'handler'>): NodeHandler {
  return escapement.handler
}
