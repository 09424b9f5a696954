import type { IncomingMessage, ServerResponse } from 'node:http'
import { isApiPath } from './api-path.ts'

/** Handles a request of `node:http`, or hands it to `next`. Express, Connect and Nest take it as it is. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void

/** The management API for servers of `node:http`. Without `next`, other paths get the API's own status 404. */
export function nodeHandler(fetch: (request: Request) => Promise<Response>): NodeHandler {
  let listening: Promise<NodeHandler> | undefined
  return (request, response, next) => {
    const path = apiPathOf(request)
    if (path === undefined && next !== undefined) return next()
    // Below a path of Express, its own part is all that is left of the URL.
    if (path !== undefined) request.url = path
    listening ??= listenerOf(fetch)
    listening.then(
      listener => listener(request, response),
      () => response.writeHead(500).end()
    )
  }
}

/** The URL within the API: as the router left it, or as it was. Undefined: it is not ours. */
function apiPathOf({ url = '', originalUrl = url }: IncomingMessage & { originalUrl?: string }): string | undefined {
  return [url, originalUrl].find(isApiPath)
}

/** Node's own global Request and Response stay: the app may compare with them. */
async function listenerOf(fetch: (request: Request) => Promise<Response>): Promise<NodeHandler> {
  const { getRequestListener } = await import('@hono/node-server')
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false })
  return (request, response) => void listener(request, response)
}
