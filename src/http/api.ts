import { type Context, Hono } from 'hono'
import type { Clock } from '../clock/clock.ts'
import type { By } from '../core/access/by.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { type EndpointId, endpoints } from '../contract/endpoints.ts'
import { Scraper } from '../metrics/scrape.ts'
import type { ApiCaller } from './access.ts'
import type { ApiOptions } from './api-options.ts'
import { bodyOf } from './request/body.ts'
import { withinApi } from './api-path.ts'
import { answeredWithin, orElseAfter, STORE_ANSWER_MS } from './deadline.ts'
import { Guard } from './guard.ts'
import { CookieResponse, type EndpointHandler, TextResponse } from './handler.ts'
import { protectiveHeaders } from './headers.ts'
import { handlers } from './handlers/all.ts'
import { eTagOf, expectedBy } from './request/precondition.ts'
import { type Problem, problemOf, problemResponse } from './problems.ts'
import { queryOf } from './request/query.ts'
import { searchBudget } from './search-budget.ts'

const PREFIX = '/api/v1'
/** Within this all of a body must have come. */
const BODY_MS = 10_000
const MAX_SHOWN = 200

/** The management API as a fetch handler: each endpoint of the table, and a problem document for all else. */
export function managementApi(options: ApiOptions): (request: Request) => Promise<Response> {
  const api = new Hono({ strict: false }).basePath(PREFIX)
  const guard = new Guard(options)
  const { clock, successWithin, process } = options
  const scraper = new Scraper({ clock, successWithin, version: process.version })
  const served = Object.entries<Endpoint>(endpoints).filter(
    ([, { access }]) => options.serves === 'all' || access === 'anyone'
  )
  for (const [path, entries] of Map.groupBy(served, ([, endpoint]) => routeOf(endpoint))) {
    for (const [id, endpoint] of entries) mount(api, { id: id as EndpointId, endpoint }, { ...options, scraper, guard })
    const methods = entries.map(([, { method }]) => method)
    const least = entries.some(([, { access }]) => access === 'anyone') ? 'anyone' : 'viewer'
    api.all(path, context => unless(guard, context, least, () => methodProblem(context, methods)))
  }
  // Strangers do not learn which paths there are.
  api.notFound(context => {
    const isOpen = options.serves === 'health' || !context.req.path.startsWith(`${PREFIX}/scheduler`)
    return unless(guard, context, isOpen ? 'anyone' : 'viewer', () => pathProblem(context))
  })
  api.onError((error, { req: { method, path } }) => {
    const problem = problemOf(error)
    if (problem.status === 500) options.report(error, { method, path })
    return problemResponse(problem)
  })
  return async request => api.fetch(withinApi(request))
}

const routeOf = ({ path }: Endpoint): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

type Serving = ApiOptions & { readonly scraper: Scraper; readonly guard: Guard }

interface Mounted {
  readonly id: EndpointId
  readonly endpoint: Endpoint
}

function mount(api: Hono, { id, endpoint }: Mounted, options: Serving): void {
  api.on(endpoint.method, routeOf(endpoint), async context => {
    const request = context.req.raw
    const parameters: Readonly<Record<string, string>> = context.req.param()
    const [targetId = context.req.path] = Object.values(parameters)
    const admitted = await options.guard.admit(request, { ...endpoint, targetId })
    if ('problem' in admitted) return problemResponse(admitted.problem)
    const read = queryOf(new URL(request.url).searchParams, endpoint.query)
    if ('problem' in read) return problemResponse(read.problem)
    const brought = await broughtBy(request, endpoint, options.clock)
    if ('problem' in brought) return problemResponse(brought.problem)
    const wanted = expectedBy(request.headers, endpoint)
    if ('problem' in wanted) return problemResponse(wanted.problem)
    const by = byOf(admitted.caller, brought.body)
    const accept = request.headers.get('accept') ?? ''
    const isHttps = new URL(request.url).protocol === 'https:'
    const asked = { parameters, accept, by, isHttps, ...admitted, ...read, ...brought, ...wanted }
    return respond(context, endpoint, await handle({ id, endpoint }, options, asked))
  })
}

/** For the audit. */
function byOf(caller: ApiCaller | undefined, { reason }: { readonly reason?: string }): By {
  return {
    actor: caller?.actor ?? 'unknown',
    role: caller?.role,
    via: caller?.session === undefined ? 'api' : 'page',
    reason
  }
}

async function unless(
  guard: Guard,
  context: Context,
  access: Endpoint['access'],
  respondOtherwise: () => Response
): Promise<Response> {
  const admitted = await guard.admit(context.req.raw, { access, targetId: context.req.path })
  return 'problem' in admitted ? problemResponse(admitted.problem) : respondOtherwise()
}

/** What a request has besides its address. One that only reads has no body. */
function broughtBy(request: Request, { body }: Endpoint, clock: Clock): ReturnType<typeof bodyOf> {
  if (body === undefined) return Promise.resolve({ body: {} })
  return orElseAfter(clock, BODY_MS, bodyOf(request, body), () => ({ problem: bodyTooSlow }))
}

async function handle({ id, endpoint }: Mounted, options: Serving, asked: object): Promise<object> {
  const { clock, process, use, operate, scraper, writes, redis, newId, token: configured } = options
  const handler = handlers[id] as EndpointHandler<never> as (asked: object) => Promise<object>
  if (endpoint.needsBooks === false) return handler({ ...asked, process })
  const reach = endpoint.method === 'GET' ? use : operate
  return answeredWithin(
    clock,
    STORE_ANSWER_MS,
    reach(books =>
      handler({
        ...asked,
        ...books,
        process,
        redis,
        scraper,
        writes,
        newId,
        configured,
        mayContinue: searchBudget(clock)
      })
    )
  )
}

function respond(context: Context, { hasETag = false }: Endpoint, body: object): Response {
  const tag = hasETag && 'revision' in body ? { etag: eTagOf(Number(body.revision)) } : {}
  const headers = { ...protectiveHeaders, ...tag }
  if (body instanceof CookieResponse) return context.json(body.body, 200, { ...headers, 'set-cookie': body.cookie })
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
