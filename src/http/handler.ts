import type { GenericSchema, InferOutput } from 'valibot'
import type { EndpointId, endpoints } from '../contract/endpoints.ts'
import type { ApiCaller } from './access.ts'
import type { By } from '../core/access/by.ts'
import type { Scraper } from '../metrics/scrape.ts'
import type { Expected } from '../core/schedule/expected.ts'
import type { ApiWrites } from './api-writes.ts'
import type { Operator } from '../operations/operator.ts'
import type { Store } from '../store/store.ts'
import type { ProcessFacts } from './process-facts.ts'

type Table = typeof endpoints

/** The parameters in a path: `{id}` is `id`. */
type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never

type QueryOf<Entry> = Entry extends { readonly query: infer Query extends GenericSchema } ? InferOutput<Query> : object

type BodyOf<Entry> = Entry extends { readonly body: infer Body extends GenericSchema } ? InferOutput<Body> : object

/** A request that was checked against the table of endpoints. */
export interface CheckedRequest<Id extends EndpointId> {
  readonly store: Store
  /** Changes as operators do. */
  readonly operator: Operator
  /** The store's time. */
  readonly clock: { now(): number }
  readonly newId: () => string
  readonly writes: ApiWrites
  /** Which revision the change is meant for. */
  readonly expected: Expected | undefined
  /** The process that is asked. */
  readonly process: ProcessFacts
  /** Whether the Redis server of the settings responds; null: none is set. */
  readonly redis: () => Promise<boolean | null>
  readonly parameters: Readonly<Record<ParameterOf<Table[Id]['path']>, string>>
  readonly query: QueryOf<Table[Id]>
  readonly body: BodyOf<Table[Id]>
  /** What the caller takes, as its header has it; empty if it does not say. */
  readonly accept: string
  readonly scraper: Scraper
  /** Whether a list may continue to search for what its filter wants. */
  readonly mayContinue: () => boolean
  /** Who makes the change, for the audit. */
  readonly by: By
  /** Undefined: anyone may ask. */
  readonly caller: ApiCaller | undefined
  /** Whether the request came by HTTPS, as far as this process sees. */
  readonly isHttps: boolean
  /** The configured token. */
  readonly configured: string | undefined
}

/** What an endpoint with `texts` returns instead of JSON. */
export class TextResponse {
  readonly type: string
  readonly text: string

  constructor(type: string, text: string) {
    this.type = type
    this.text = text
  }
}

/** What an endpoint that begins or ends a session returns. */
export class CookieResponse<Body extends object> {
  /** For `Set-Cookie`. */
  readonly cookie: string
  readonly body: Body

  constructor(cookie: string, body: Body) {
    this.cookie = cookie
    this.body = body
  }
}

type Fixed<Value> = Value extends readonly (infer Item)[]
  ? readonly Fixed<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: Fixed<Value[Name]> }
    : Value

/** What an endpoint returns. */
export type EndpointResponse<Id extends EndpointId> = Fixed<InferOutput<Table[Id]['response']>>

/** Serves one endpoint. */
export type EndpointHandler<Id extends EndpointId> = (
  asked: CheckedRequest<Id>
) => Promise<
  Table[Id] extends { readonly setsCookie: true }
    ? CookieResponse<EndpointResponse<Id>>
    : EndpointResponse<Id> | (Table[Id] extends { readonly texts: readonly string[] } ? TextResponse : never)
>

export type EndpointHandlers<Id extends EndpointId = EndpointId> = { readonly [Each in Id]: EndpointHandler<Each> }
