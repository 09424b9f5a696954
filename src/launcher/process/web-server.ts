import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { describe } from '../../core/options/names.ts'
import { isApiPath } from '../../http/api.ts'
import { problemResponse } from '../../http/problems.ts'
import type { WebApp } from '../../settings/rows/app.ts'
import type { ListenPlan } from './listen-plan.ts'

/** Which request failed. */
export interface FailedRequest {
  readonly method: string
  /** Without the query, which may hold what no log should. */
  readonly path: string
}

export type ReportError = (error: unknown, request: FailedRequest) => void

export interface Handlers {
  readonly app: WebApp | undefined
  /** The management API. */
  readonly api: (request: Request) => Promise<Response>
  /** Errors of the app's handler that it did not answer itself, each once. */
  readonly report: ReportError
}

/** The server of a process: the management API in front, as far as it is served here, and the app behind. */
export function makeServer({ app, api, report }: Handlers, { api: served }: Pick<ListenPlan, 'api'>): Server {
  const apiListener = listenerOf(api)
  const appListener = app === undefined ? listenerOf(nothingHere) : listenerOfApp(app, report)
  const isServed = (url: string): boolean =>
    served === 'all' ? isApiPath(url) : served === 'health' && url.startsWith('/api/v1/health/')
  return createServer((request, response) =>
    isServed(request.url ?? '') ? apiListener(request, response) : appListener(request, response)
  )
}

function listenerOfApp(app: WebApp, report: ReportError): RequestListener {
  const handle = typeof app === 'function' ? handlerOf(app) : handlerOfFetch(app)
  return (request, response) => {
    const failed = onceReporting(request, report)
    // An answer that broke off in the middle, by a stream that failed, was destroyed with its error.
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

/** Whoever asked has gone, or did not take the answer. */
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

/** Not by its class: another library's response is as good. */
function asResponse(answer: unknown): Response {
  if (typeof answer === 'object' && answer !== null && 'status' in answer && 'headers' in answer)
    return answer as Response
  throw new TypeError(`The fetch handler answered ${describe(answer)}; it takes a Response.`)
}

const FAILED = 'The request failed.\n'

type Fetch = (request: Request, environment: object) => Response | Promise<Response>

/** The global Request and Response stay Node's own: the app may compare with them. */
function listenerOf(fetch: Fetch): RequestListener {
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false })
  return (request: IncomingMessage, response) => void listener(request, response)
}

async function nothingHere(): Promise<Response> {
  const detail = 'No web app is configured; the management API is at /api/v1/health/basic and /api/v1/scheduler/status.'
  return problemResponse({ status: 404, code: 'path-unknown', title: 'There is nothing at this path.', detail })
}

/** Resolves with where it listens; where nobody asked for just this port and it is taken, on any free one. */
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
  // Processes that ask for any port are all given the same one, whatever they serve; this way each has its own.
  const exclusive = port === 0 && !servesApp
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, exclusive }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** An address that means "every interface" is none to visit. */
export function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo
  const host =
    address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '[::1]' : address.includes(':') ? `[${address}]` : address
  return `http://${host}:${port}`
}
