import { type Context, Hono } from 'hono'
import type { Clock } from '../clock/clock.ts'
import { isoOf } from '../core/trigger/instant.ts'
import type { Store } from '../store/store.ts'
import { summarize } from '../views/schedule.ts'
import { readPulse } from '../views/status.ts'
import { written } from '../views/written.ts'
import { presentsToken } from './access.ts'
import { answeredWithin } from './deadline.ts'
import { problemOf, problemResponse } from './problems.ts'
import type { ProcessFacts } from './process-facts.ts'
import { statusAnswer } from './status.ts'

const PREFIX = '/api/v1'
const STORE_ANSWER_MS = 4_000
const PAGE = 50
const MAX_PAGE = 200

export interface ApiOptions {
  readonly store: () => Promise<Store>
  readonly clock: Clock
  readonly process: () => ProcessFacts
  /** What callers must present, except for the health paths. Undefined: nothing. */
  readonly token: string | undefined
  /** Receives the errors behind a status 500, whose text callers don't get. */
  readonly report: (error: Error, request: { readonly method: string; readonly path: string }) => void
}

/** The first, read-only part of the management API, as a fetch handler. It reads the books and changes nothing. */
export function managementApi(options: ApiOptions): (request: Request) => Promise<Response> {
  const api = new Hono({ strict: false }).basePath(PREFIX)
  const { clock, store } = options
  const ask = <T>(use: (store: Store) => Promise<T>): Promise<T> =>
    answeredWithin(clock, STORE_ANSWER_MS, store().then(use))
  api.use('/scheduler/*', async (context, next) => {
    const { token } = options
    if (token === undefined || presentsToken(context.req.header('authorization'), token)) return next()
    return tokenProblem()
  })
  api.get('/health/basic', async context => {
    // Reads more than the time, which a store may know by itself: a row of the books has to be there.
    const now = await ask(async books => {
      await books.ledgerPrunedUntil()
      return books.now()
    })
    return answer(context, { status: 'ok', time: isoOf(now), process: options.process().name })
  })
  api.get('/scheduler/status', async context => answer(context, statusAnswer(await ask(readPulse), options.process())))
  api.get('/scheduler/schedules', context => schedules(context, ask))
  for (const path of ['/health/basic', '/scheduler/status', '/scheduler/schedules']) api.all(path, methodProblem)
  api.notFound(pathProblem)
  api.onError((error, { req: { method, path } }) => {
    const problem = problemOf(error)
    if (problem.status === 500) options.report(error, { method, path })
    return problemResponse(problem)
  })
  return async request => api.fetch(request)
}

type Ask = <T>(use: (store: Store) => Promise<T>) => Promise<T>

async function schedules(context: Context, ask: Ask): Promise<Response> {
  const text = context.req.query('limit') ?? String(PAGE)
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > MAX_PAGE)
    return problemResponse({
      status: 400,
      code: 'request-invalid',
      title: 'The request is invalid.',
      detail: `limit is ${JSON.stringify(text.slice(0, 80))}; it takes a whole number from 1 to ${MAX_PAGE}.`
    })
  const page = await ask(books => books.listSchedules({ limit, cursor: context.req.query('cursor') }))
  return answer(context, {
    schedules: page.items.map(read => written(summarize(read))),
    cursor: page.cursor ?? null
  })
}

function answer(context: Context, body: object): Response {
  return context.json(body, 200, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
}

function tokenProblem(): Response {
  const title = 'This path requires credentials.'
  const detail = 'Present SCHEDULER_API_TOKEN as "Authorization: Bearer <token>".'
  return problemResponse({ status: 401, code: 'token-wrong', title, detail }, { 'www-authenticate': 'Bearer' })
}

function methodProblem({ req }: Context): Response {
  const detail = `${req.method} is not a method of ${req.path}; it takes GET and HEAD.`
  return problemResponse(
    { status: 405, code: 'method-unknown', title: 'The path does not take this method.', detail },
    { allow: 'GET, HEAD' }
  )
}

function pathProblem({ req }: Context): Response {
  return problemResponse({
    status: 404,
    code: 'path-unknown',
    title: 'There is nothing at this path.',
    detail: `${req.path.slice(0, 200)} is not a path of the management API.`
  })
}
