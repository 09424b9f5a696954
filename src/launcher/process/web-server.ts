import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { describe } from '../../core/options/names.ts'
import { isApiPath, isHealthPath, usualTarget } from '../../http/api-path.ts'
import { problemResponse } from '../../http/problems.ts'
import type { WebApp } from '../../settings/rows/app.ts'
import { unlessFree } from './left-free.ts'
import type { ListenPlan } from './listen-plan.ts'

/** Which request failed. */
export interface FailedRequest {
  readonly method: string
  /** Without the query, which may hold secrets. */
  readonly path: string
}

export type ReportError = (error: unknown, request: FailedRequest) => void

export interface Handlers {
  readonly app: WebApp | undefined
  /** The management API. */
  readonly api: (request: Request) => Promise<Response>
  /** Receives each error that the app did not handle itself, once. */
  readonly report: ReportError
}

/**
 * The server of a process: the management API, as far as it is served here, in front of the app; and behind it at the
 * usual paths, which the app may have itself.
 */
export function makeServer({ app, api, report }: Handlers, { api: served }: Pick<ListenPlan, 'api'>): Server {
  const apiListener = listenerOf(api)
  const appListener = app === undefined ? listenerOf(nothingHere) : listenerOfApp(app, report)
  const isServed = (url: string): boolean => (served === 'all' ? isApiPath(url) : isHealthPath(url))
  return createServer((request, response) => {
    if (isServed(request.url ?? '')) return apiListener(request, response)
    const target = usualTarget(request)
    if (target === undefined || !isServed(target)) return appListener(request, response)
    const byApi = (): void => {
      request.url = target
      apiListener(request, response)
    }
    if (app === undefined) return byApi()
    unlessFree(response, () => appListener(request, response), byApi)
  })
}

function listenerOfApp(app: WebApp, report: ReportError): RequestListener {
  const handle = typeof app === 'function' ? handlerOf(app) : handlerOfFetch(app)
  return (request, response) => {
    const failed = onceReporting(request, report)
    // A response whose stream failed midway was destroyed with that error.
    response.once('close', () => {
      if (response.errored !== null && !isOfCaller(response.errored)) failed(response.errored)
    })
    handle({ request, response, failed })
  }
}

interface Handled {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly failed: (error: unknown) => void
}

function onceReporting({ method = 'GET', url = '' }: IncomingMessage, report: ReportError): (error: unknown) => void {
  let isReported = false
  return error => {
    if (isReported) return
    isReported = true
    report(error, { method, path: url.split('?', 1)[0] as string })
  }
}

/** The caller has gone, or did not read the response. */
const isOfCaller = ({ code }: NodeJS.ErrnoException): boolean =>
  ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code ?? '')

function handlerOf(app: Extract<WebApp, (...given: never[]) => unknown>): (handled: Handled) => void {
  return ({ request, response, failed }) => {
    const handling = (async () => app(request, response))()
    void handling.catch((error: unknown) => {
      failed(error)
      if (response.writableEnded) return
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(FAILED)
    })
  }
}

function handlerOfFetch(app: Exclude<WebApp, (...given: never[]) => unknown>): (handled: Handled) => void {
  const handling = new WeakMap<IncomingMessage, Handled['failed']>()
  const listener = listenerOf(async (request, environment) => {
    const { incoming } = environment as { readonly incoming: IncomingMessage }
    try {
      return asResponse(await app.fetch(request, environment))
    } catch (error) {
      handling.get(incoming)?.(error)
      return new Response(FAILED, { status: 500 })
    }
  })
  return ({ request, response, failed }) => {
    handling.set(request, failed)
    listener(request, response)
  }
}

/** Checks the shape, not the class: another library's response works too. */
function asResponse(answer: unknown): Response {
  if (typeof answer === 'object' && answer !== null && 'status' in answer && 'headers' in answer)
    return answer as Response
  throw new TypeError(`The fetch handler returned ${describe(answer)}; it takes a Response.`)
}

const FAILED = 'The request failed.\n'

type Fetch = (request: Request, environment: object) => Response | Promise<Response>

/** Node's own global Request and Response stay: the app may compare with them. */
function listenerOf(fetch: Fetch): RequestListener {
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false })
  return (request: IncomingMessage, response) => void listener(request, response)
}

async function nothingHere(): Promise<Response> {
  const detail = 'No web app is configured; the management API is at /api/v1/health/basic and /api/v1/scheduler/status.'
  return problemResponse({ status: 404, code: 'path-unknown', title: 'There is nothing at this path.', detail })
}

/** Resolves with the URL where it listens. If the port is taken and was not configured, it uses any free one. */
export async function listenOn(server: Server, plan: ListenPlan): Promise<string> {
  try {
    await listening(server, plan)
  } catch (error) {
    if (!plan.isMovable || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    await listening(server, { ...plan, port: 0 })
  }
  return urlOf(server)
}

function listening(server: Server, { host, port, servesApp }: ListenPlan): Promise<void> {
  // Node gives all cluster processes that ask for port 0 the same one; `exclusive` gives each its own.
  const exclusive = port === 0 && !servesApp
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, exclusive }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Replaces an address that means "every interface", which nobody can visit, by loopback. */
export function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo
  const host =
    address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '[::1]' : address.includes(':') ? `[${address}]` : address
  return `http://${host}:${port}`
}
