import { type Context, Hono } from 'hono'
import type { Clock } from '../clock/clock.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { type EndpointId, endpoints } from '../contract/endpoints.ts'
import type { Store } from '../store/store.ts'
import { type Identify, refusal } from './access.ts'
import { answeredWithin } from './deadline.ts'
import type { Handler } from './handler.ts'
import { handlers } from './handlers/all.ts'
import { problemOf, problemResponse } from './problems.ts'
import type { ProcessFacts } from './process-facts.ts'
import { queryOf } from './query.ts'

const PREFIX = '/api/v1'
const STORE_ANSWER_MS = 4_000
const MAX_SHOWN = 200

export interface ApiOptions {
  readonly store: () => Promise<Store>
  readonly clock: Clock
  readonly process: () => ProcessFacts
  /** Undefined: there are no credentials, and only the health check is served. */
  readonly identify: Identify | undefined
  /** `health`: the health checks only, as if there were no other path. */
  readonly serves: 'all' | 'health'
  /** Receives the errors behind a status 500, whose text callers don't get. */
  readonly report: (error: Error, request: { readonly method: string; readonly path: string }) => void
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
  for (const id of Object.keys(endpoints) as EndpointId[])
    if (options.serves === 'all' || endpoints[id].access === 'anyone') mount(api, id, options)
  api.notFound(pathProblem)
  api.onError((error, { req: { method, path } }) => {
    const problem = problemOf(error)
    if (problem.status === 500) options.report(error, { method, path })
    return problemResponse(problem)
  })
  return async request => api.fetch(request)
}

function mount(api: Hono, id: EndpointId, options: ApiOptions): void {
  const endpoint: Endpoint = endpoints[id]
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')
  api.on(endpoint.method, path, async context => {
    const refused = refusal(context.req.raw, endpoint.access, options.identify)
    if (refused !== undefined) return problemResponse(refused)
    const asked = queryOf(new URL(context.req.url).searchParams, endpoint.query)
    if ('problem' in asked) return problemResponse(asked.problem)
    return answer(context, await handle(id, options, { parameters: context.req.param(), query: asked.query }))
  })
  api.all(path, context => methodProblem(context, endpoint))
}

async function handle(
  id: EndpointId,
  { store, clock, process }: ApiOptions,
  asked: { readonly parameters: object; readonly query: object }
): Promise<object> {
  const handler = handlers[id] as Handler<never> as (asked: object) => Promise<object>
  return answeredWithin(
    clock,
    STORE_ANSWER_MS,
    store().then(books => handler({ ...asked, store: books, process: process() }))
  )
}

function answer(context: Context, body: object): Response {
  return context.json(body, 200, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
}

function methodProblem({ req }: Context, { method }: Endpoint): Response {
  const taken = method === 'GET' ? 'GET and HEAD' : method
  return problemResponse({
    status: 405,
    code: 'method-unknown',
    title: 'The path does not take this method.',
    detail: `${req.method} is not a method of ${req.path.slice(0, MAX_SHOWN)}; it takes ${taken}.`,
    headers: { allow: method === 'GET' ? 'GET, HEAD' : method }
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
