import { type Context, Hono } from 'hono'
import type { Clock } from '../clock/clock.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { type EndpointId, endpoints } from '../contract/endpoints.ts'
import { Scraper } from '../metrics/scrape.ts'
import type { Operator } from '../operations/operator.ts'
import type { Store } from '../store/store.ts'
import { type Identify, refusal } from './access.ts'
import { bodyOf } from './body.ts'
import { answeredWithin, orElseAfter } from './deadline.ts'
import { type EndpointHandler, TextResponse } from './handler.ts'
import { handlers } from './handlers/all.ts'
import { type Problem, problemOf, problemResponse } from './problems.ts'
import type { ProcessFacts } from './process-facts.ts'
import { queryOf } from './query.ts'

const PREFIX = '/api/v1'
const STORE_ANSWER_MS = 4_000
/** Within this all of a body must have come. */
const BODY_MS = 10_000
const MAX_SHOWN = 200

export interface ApiOptions {
  /** Lets one request use the books. */
  readonly use: <T>(use: (books: ApiBooks) => Promise<T>) => Promise<T>
  /** The same for a change, after which this process is woken. */
  readonly operate: <T>(change: (books: ApiBooks) => Promise<T>) => Promise<T>
  readonly clock: Clock
  readonly process: ProcessFacts
  /** Undefined: there are no credentials, and only the health check is served. */
  readonly identify: Identify | undefined
  /** `health`: the health check only, as if there were no other path. */
  readonly serves: 'all' | 'health'
  /** Receives the errors behind a status 500, whose text callers don't get. */
  readonly report: (error: Error, request: { readonly method: string; readonly path: string }) => void
}

export interface ApiBooks {
  readonly store: Store
  readonly operator: Operator
}

/** The management API as a fetch handler: each endpoint of the table, and a problem document for all else. */
export function managementApi(options: ApiOptions): (request: Request) => Promise<Response> {
  const api = new Hono({ strict: false }).basePath(PREFIX)
  // Before the paths are looked at: who has no credentials learns nothing of them.
  if (options.serves === 'all')
    api.use('/scheduler/*', async ({ req }, next) => {
      const refused = refusal(req.raw, 'viewer', options.identify)
      return refused === undefined ? next() : problemResponse(refused)
    })
  const scraper = new Scraper({ clock: options.clock, version: options.process.version })
  const served = Object.entries<Endpoint>(endpoints).filter(
    ([, { access }]) => options.serves === 'all' || access === 'anyone'
  )
  for (const [path, entries] of Map.groupBy(served, ([, endpoint]) => routeOf(endpoint))) {
    for (const [id, endpoint] of entries) mount(api, { id: id as EndpointId, endpoint }, { ...options, scraper })
    const methods = entries.map(([, { method }]) => method)
    api.all(path, context => methodProblem(context, methods))
  }
  api.notFound(pathProblem)
  api.onError((error, { req: { method, path } }) => {
    const problem = problemOf(error)
    if (problem.status === 500) options.report(error, { method, path })
    return problemResponse(problem)
  })
  return async request => api.fetch(request)
}

const routeOf = ({ path }: Endpoint): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

type Serving = ApiOptions & { readonly scraper: Scraper }

interface Mounted {
  readonly id: EndpointId
  readonly endpoint: Endpoint
}

function mount(api: Hono, { id, endpoint }: Mounted, options: Serving): void {
  api.on(endpoint.method, routeOf(endpoint), async context => {
    const request = context.req.raw
    const refused = refusal(request, endpoint.access, options.identify)
    if (refused !== undefined) return problemResponse(refused)
    const read = queryOf(new URL(request.url).searchParams, endpoint.query)
    if ('problem' in read) return problemResponse(read.problem)
    const brought = await broughtBy(request, endpoint, options.clock)
    if ('problem' in brought) return problemResponse(brought.problem)
    return respond(
      context,
      await handle({ id, endpoint }, options, {
        parameters: context.req.param(),
        accept: request.headers.get('accept') ?? '',
        ...read,
        ...brought
      })
    )
  })
}

/** What a request has besides its address. One that only reads has no body. */
function broughtBy(request: Request, { method, body }: Endpoint, clock: Clock): ReturnType<typeof bodyOf> {
  if (method === 'GET') return Promise.resolve({ body: {} })
  return orElseAfter(clock, BODY_MS, bodyOf(request, body), () => ({ problem: bodyTooSlow }))
}

async function handle({ id, endpoint }: Mounted, options: Serving, asked: object): Promise<object> {
  const { clock, process, use, operate, scraper } = options
  const handler = handlers[id] as EndpointHandler<never> as (asked: object) => Promise<object>
  const reach = endpoint.method === 'GET' ? use : operate
  return answeredWithin(
    clock,
    STORE_ANSWER_MS,
    reach(books => handler({ ...asked, ...books, process, scraper }))
  )
}

function respond(context: Context, body: object): Response {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  if (!(body instanceof TextResponse)) return context.json(body, 200, headers)
  return context.body(body.text, 200, { ...headers, 'content-type': body.type })
}

function methodProblem({ req }: Context, methods: readonly Endpoint['method'][]): Response {
  const taken = methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return problemResponse({
    status: 405,
    code: 'method-unknown',
    title: 'The path does not take this method.',
    detail: `${req.method} is not a method of ${req.path.slice(0, MAX_SHOWN)}; it takes ${taken.join(' and ')}.`,
    headers: { allow: taken.join(', ') }
  })
}

function pathProblem({ req }: Context): Response {
  return problemResponse({
    status: 404,
    code: 'path-unknown',
    title: 'There is nothing at this path.',
    detail: `${req.path.slice(0, MAX_SHOWN)} is not a path of the management API.`
  })
}

const bodyTooSlow: Problem = {
  status: 408,
  code: 'body-too-slow',
  title: 'The body did not come in time.',
  detail: `All of it must have come within ${BODY_MS / 1_000} s.`,
  headers: { connection: 'close' }
}
