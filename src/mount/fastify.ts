import type { IncomingMessage, ServerResponse } from 'node:http'
import { isApiPath } from '../http/api-path.ts'
import type { Mountable } from './mountable.ts'

interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack(): unknown },
      done: () => void
    ) => void
  ): unknown
  addHook(name: 'onClose', hook: () => Promise<void>): unknown
}

/**
 * The management API as a plugin of Fastify: `app.register(fastifyPlugin(escapement))`. All other paths are the app's.
 * When the app closes, the Escapement stops.
 */
export function fastifyPlugin(escapement: Pick<Mountable, 'handler' | 'stop'>): (app: FastifyLike) => Promise<void> {
  const plugin = async (app: FastifyLike): Promise<void> => {
    // A hook and no routes: it is asked for every method, and before a body is read.
    app.addHook('onRequest', (request, reply, done) => {
      if (!isApiPath(request.raw.url ?? '')) return done()
      reply.hijack()
      escapement.handler(request.raw, reply.raw)
    })
    app.addHook('onClose', () => escapement.stop())
  }
  // Fastify's own mark: the hooks apply to the whole app, and not within the plugin only.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
