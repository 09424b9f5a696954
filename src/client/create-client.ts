import { apiProblemOf } from './api-problem.ts'
import { type ApiCalls, routes } from './calls.ts'
import type { Route } from './route.ts'

const TIMEOUT_MS = 30_000

/**
 * Where the API is, and with what it is asked.
 *
 * @experimental
 */
export interface ClientOptions {
  /** Where the API is, up to and with `/api/v1`. A browser also takes a relative one, such as `../api/v1`. */
  readonly url: string | URL
  /**
   * The token to present; a function is asked before each call.
   * @default none: a browser sends the cookie of its session
   */
  readonly token?: string | (() => string | Promise<string>) | undefined
  /**
   * How long one call may take, in milliseconds, from 1 to 2³¹ − 1.
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined
  /** @default the global one */
  readonly fetch?: typeof fetch | undefined
}

/**
 * Options of one call.
 *
 * @experimental
 */
export interface CallOptions {
  /**
   * Ends the call; it may have been carried out.
   * @default none
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Further headers.
   * @default none
   */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

type Request<Name extends keyof ApiCalls> = ApiCalls[Name]['request']

/**
 * One method for each endpoint, by its name in the OpenAPI document (`operationId`).
 *
 * @experimental
 */
export type Client = {
  readonly [Name in keyof ApiCalls]: (
    ...args: object extends Request<Name>
      ? [request?: Request<Name>, options?: CallOptions]
      : [request: Request<Name>, options?: CallOptions]
  ) => Promise<ApiCalls[Name]['response']>
}

/**
 * A client of the management API: a method for each endpoint, which takes its parameters and the members of its body as
 * one object. It needs `fetch` only, so that it runs in browsers, and it does not load the library.
 *
 * The methods reject with `ApiProblem` for what the API refuses, a `TimeoutError` after `timeoutMs`, and what `fetch`
 * throws. Nothing is retried, and no redirect is followed: a token goes to where it was meant to go.
 *
 * @example
 * ```ts
 * const scheduler = createClient({ url: 'http://127.0.0.1:3000/api/v1', token: await readToken() })
 * const { items } = await scheduler.listJobs({ state: 'discarded', limit: 20 })
 * for (const { id } of items) await scheduler.retryJob({ id, reason: 'the bank is back' })
 * ```
 *
 * @experimental
 */
export function createClient(options: ClientOptions): Client {
  const methods = Object.entries<Route>(routes).map(([name, route]) => [
    name,
    (request: object = {}, call: CallOptions = {}) => send(options, route, { ...request }, call)
  ])
  return Object.freeze(Object.fromEntries(methods)) as Client
}

async function send(
  { url, token, timeoutMs = TIMEOUT_MS, fetch: ask = fetch }: ClientOptions,
  [method, template, hasBody]: Route,
  request: object,
  { signal, headers }: CallOptions
): Promise<unknown> {
  const { path, others } = addressed(template, request)
  const bearer = typeof token === 'function' ? await token() : token
  const timeout = AbortSignal.timeout(timeoutMs)
  const response = await ask(`${String(url).replace(/\/$/, '')}${path}${hasBody ? '' : queryOf(others)}`, {
    method,
    redirect: 'error',
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    headers: {
      accept: 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...headers
    },
    ...(hasBody ? { body: JSON.stringify(others) } : {})
  })
  if (!response.ok) throw await apiProblemOf(response)
  return response.json()
}

/** The path with its parameters, and what is left of the request. */
function addressed(template: string, request: object): { readonly path: string; readonly others: object } {
  const others: Record<string, unknown> = { ...request }
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = others[name]
    delete others[name]
    // Dots alone are steps of a path, also when they are encoded.
    if (typeof value !== 'string' || value === '' || value === '.' || value === '..')
      throw new TypeError(`${name} is ${JSON.stringify(value)}; it takes a text that is neither empty, "." nor "..".`)
    return encodeURIComponent(value)
  })
  return { path, others }
}

type Value = string | number | boolean | Date | undefined

function queryOf(parameters: object): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters) as [string, Value][])
    if (value !== undefined) search.append(name, value instanceof Date ? value.toISOString() : String(value))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
