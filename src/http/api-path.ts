import type { IncomingMessage } from 'node:http'

/** Whether a path belongs to the management API. */
export function isApiPath(path: string): boolean {
  return /^\/api\/v1\/(health|scheduler)(?=[/?]|$)/.test(path)
}

/** Whether a path belongs to the health checks, which every process serves. */
export const isHealthPath = (path: string): boolean => /^\/api\/v1\/health(?=[/?]|$)/.test(path)

/**
 * Paths at which monitoring looks by custom, and where the management API has what it looks for. They are served where
 * the app leaves them free.
 */
const usualPaths: ReadonlyMap<string, string> = new Map([
  ['/health', '/api/v1/health'],
  ['/metrics', '/api/v1/scheduler/metrics']
])

/** The path within the management API that a usual path stands for, with the query. Undefined: it is none. */
export function usualTarget({ method = 'GET', url = '' }: Pick<IncomingMessage, 'method' | 'url'>): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const [path = '', ...query] = url.split('?')
  const target = usualPaths.get(path)
  return target === undefined ? undefined : [target, ...query].join('?')
}

/** An app may hand on a request for a usual path as it is: the request within the management API that it stands for. */
export function withinApi(request: Request): Request {
  const url = new URL(request.url)
  const target = usualTarget({ method: request.method, url: url.pathname })
  if (target === undefined) return request
  url.pathname = target
  return new Request(url, { method: request.method, headers: request.headers, signal: request.signal })
}
