import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import { statuses } from './statuses.ts'

const PREFIX = '/api/v1'
const MAX_PARAMETER = 250

/** What every endpoint may return instead. */
const COMMON_PROBLEMS = { 400: 'The request is invalid', 503: 'The books cannot be read at the moment' }
const ACCESS_PROBLEMS = { 401: 'There are no credentials, or wrong ones', 403: 'The credentials have too low a role' }
const BODY_PROBLEMS = {
  408: 'The body did not come in time',
  413: 'The body is too large',
  415: 'The body is no application/json'
}

/** The OpenAPI 3.1 document of the table of endpoints. */
export function openApiDocument(version: string) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Escapement management API',
      version,
      description:
        'What is on, what is due, what became of it. Any process can be asked. Instants are ISO 8601 in UTC; what there is not is null. Problems are documents of RFC 9457.'
    },
    servers: [{ url: PREFIX }],
    security: [{ token: [] }],
    paths: pathsOf(Object.entries(endpoints)),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'SCHEDULER_API_TOKEN' } },
      schemas: { Problem: problem }
    }
  }
}

function pathsOf(entries: readonly (readonly [string, Endpoint])[]): object {
  const byPath = Map.groupBy(entries, ([, { path }]) => path)
  const paths = Array.from(byPath, ([path, members]) => [
    path,
    Object.fromEntries(members.map(([id, endpoint]) => [endpoint.method.toLowerCase(), operationOf(id, endpoint)]))
  ])
  return Object.fromEntries(paths) as object
}

function operationOf(id: string, endpoint: Endpoint): object {
  const { path, access, summary, query, body, response, precondition, hasETag = false, texts = [] } = endpoint
  const isOpen = access === 'anyone'
  const known = { ...COMMON_PROBLEMS, ...(isOpen ? {} : ACCESS_PROBLEMS), ...ownProblems(endpoint) }
  return {
    operationId: id,
    summary,
    'x-role': access,
    ...(isOpen ? { security: [] } : {}),
    parameters: [...pathParameters(path), ...queryParameters(query), ...headerParameters(precondition)],
    ...(body === undefined ? {} : { requestBody: { required: false, content: jsonOf(schemaOf(body, 'input')) } }),
    responses: {
      200: {
        description: summary,
        ...(hasETag ? { headers: eTag } : {}),
        content: { ...jsonOf(schemaOf(response, 'output')), ...textsOf(texts) }
      },
      ...Object.fromEntries(Object.entries(known).map(([status, description]) => [status, problemWith(description)])),
      default: problemWith('Any other problem')
    }
  }
}

const jsonOf = (schema: object): object => ({ 'application/json': { schema } })

const textsOf = (types: readonly string[]): object =>
  Object.fromEntries(types.map(type => [type, { schema: { type: 'string' } }]))

/** What only this endpoint may return instead. */
function ownProblems({ method, precondition, problems = [] }: Endpoint): Readonly<Record<number, string>> {
  const byStatus = Map.groupBy(problems, code => statuses[code] ?? 500)
  return {
    ...Object.fromEntries(Array.from(byStatus, ([status, codes]) => [status, codes.join(', ')])),
    ...(precondition === 'required' ? { 428: 'There is no If-Match' } : {}),
    ...(method === 'GET' ? {} : BODY_PROBLEMS)
  }
}

const problemWith = (description: string): object => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
})

const pathParameters = (path: string): object[] =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: MAX_PARAMETER }
  }))

function queryParameters(query: Endpoint['query']): object[] {
  if (query === undefined) return []
  const { properties = {} } = schemaOf(query, 'input') as { readonly properties?: Readonly<Record<string, object>> }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}

const eTag = { ETag: { description: 'The revision, for If-Match', schema: { type: 'string' } } }

const IF_MATCH = 'The ETag that the change is meant for, or *'
const IF_NONE_MATCH = '*: only if there is none'

function headerParameters(precondition: Endpoint['precondition']): object[] {
  if (precondition === undefined) return []
  const header = (name: string, description: string, required: boolean): object => ({
    name,
    in: 'header',
    description,
    required,
    schema: { type: 'string' }
  })
  if (precondition === 'required') return [header('If-Match', IF_MATCH, true)]
  return [header('If-Match', IF_MATCH, false), header('If-None-Match', IF_NONE_MATCH, false)]
}

/** Of a query what callers write; of a response what they get. */
function schemaOf(schema: GenericSchema, typeMode: 'input' | 'output'): object {
  const { $schema: _, ...bare } = toJsonSchema(schema, {
    typeMode,
    target: 'draft-2020-12',
    errorMode: 'throw',
    // What only code can check; the response says it.
    ignoreActions: ['check']
  })
  return bare
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: { parameter: { type: 'string' }, pointer: { type: 'string' }, detail: { type: 'string' } }
      }
    }
  }
}
