import * as fc from 'fast-check'
import { expect } from 'vitest'
import { type EndpointId, endpoints } from '../../src/contract/endpoints.ts'
import { type Asked, booksToAsk, TOKEN } from './books-to-ask.ts'
import { answers, problem } from './schemas.ts'

const ids = Object.keys(endpoints) as EndpointId[]

/** Triggers that are nearly right. */
const trigger = fc.record(
  {
    kind: fc.constantFrom('cron', 'interval', 'date', 'calendar-interval', 'anyOf', 'spread', '__proto__'),
    expression: fc.oneof(fc.constantFrom('0 0 30 2 *', '* * * * *', '\u0000'), fc.jsonValue()),
    everyMs: fc.oneof(fc.integer(), fc.jsonValue()),
    at: fc.oneof(fc.constant('2026-03-08T02:30:00Z'), fc.jsonValue()),
    triggers: fc.jsonValue(),
    trigger: fc.jsonValue(),
    timezone: fc.oneof(fc.constantFrom('Europe/Berlin', 'Mars/Base'), fc.jsonValue())
  },
  { requiredKeys: ['kind'] }
)

/** Bodies that are nearly right, and some that are none. */
const body = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '{"task":"works","trigger":{"kind":"interval","everyMs":60000},"payload":1}',
      '{"maxFires":null}',
      '{"task":"later","payload":"x","delay":"1h"}',
      '{"task":"later","id":"x","mayWait":true}',
      '{"payload":1}',
      '{"priority":3}',
      '{"runAt":"2999-01-01T00:00:00Z"}',
      '{"note":"x"}'
    )
  },
  fc.constantFrom('{}', 'null', '[]', '{', '{"note":"\\ud800"}', '{"__proto__":{"again":true}}', '{"again":true}'),
  fc.constantFrom('['.repeat(40), '{"a":'.repeat(10_000), '"'.repeat(9), JSON.stringify({ note: 'x'.repeat(300_000) })),
  fc.json(),
  fc.record({ task: fc.constantFrom('works', 'none'), trigger }).map(members => JSON.stringify(members)),
  fc
    .record(
      {
        note: fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.jsonValue()),
        again: fc.oneof(fc.boolean(), fc.jsonValue()),
        runAt: fc.oneof(fc.constant('2999-01-01T00:00:00Z'), fc.jsonValue()),
        priority: fc.oneof(fc.integer({ min: -101, max: 101 }), fc.jsonValue())
      },
      { requiredKeys: [] }
    )
    .map(members => JSON.stringify(members))
)

/** JSON that is nearly a trigger's. */
const oddTrigger = fc
  .record(
    {
      kind: fc.constantFrom('cron', 'interval', 'date', 'anyOf', 'spread', 'calendar-interval', '__proto__'),
      expression: fc.oneof(fc.constantFrom('* * * * *', '30 2 * * *', '0 0 30 2 *'), fc.jsonValue()),
      everyMs: fc.oneof(fc.constant(60_000), fc.jsonValue()),
      at: fc.jsonValue(),
      trigger: fc.jsonValue(),
      triggers: fc.jsonValue()
    },
    { requiredKeys: ['kind'] }
  )
  .map(members => JSON.stringify(members))

/** Requests that are nearly right: known paths and parameters, with values of all kinds. */
const request = ({ ids: known }: Asked) => {
  const anyId = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known.schedules) },
    { weight: 6, arbitrary: fc.constantFrom(...known.jobs) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) }
  )
  const value = fc.oneof(
    fc.constantFrom('', '0', '1', '50', '200', '201', '-1', '1e3', '١', 'available', 'failed', 'works', 'often'),
    fc.constantFrom('2026-03-08T02:30:00Z', '2026-03-08', '9999-12-31T23:59:59.999Z', '0000-00-00T00:00:00Z'),
    fc.constantFrom(
      'true',
      'paused',
      'fine',
      'stale',
      'misfired',
      'nextFireAt',
      'lastSuccessAt',
      '5:5:often',
      '9:often'
    ),
    fc.constantFrom("' OR 1=1 --", '__proto__', '<script>', '../../etc/passwd', '\u0000', '%', '%00', '\ud800'),
    oddTrigger,
    fc.constantFrom(...known.jobs, ...known.schedules),
    fc.string({ unit: 'binary', maxLength: 300 })
  )
  const name = fc.oneof(
    fc.constantFrom('limit', 'cursor', 'state', 'task', 'queue', 'schedule', 'from', 'until', 'at'),
    fc.constantFrom(
      'phase',
      'health',
      'app',
      'orphaned',
      'overdue',
      'q',
      'sort',
      'strip',
      'outcome',
      'trigger',
      'count',
      'timezone'
    ),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'LIMIT', ''),
    fc.string({ maxLength: 20 })
  )
  return fc.record({
    id: fc.constantFrom(...ids),
    parameter: anyId,
    query: fc.array(fc.tuple(name, value), { maxLength: 4 }),
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      fc.constantFrom('GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PUT')
    ),
    body,
    ifMatch: fc.constantFrom('*', '*', '"1"', 'W/"1"', '1', ','),
    type: fc.oneof(
      { weight: 9, arbitrary: fc.constant('application/json') },
      fc.constantFrom('application/json; charset=utf-8', 'text/plain', 'application/jsonp', '')
    ),
    suffix: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom('/', '//', '/..', '/%2e%2e', '/x'))
  })
}

interface Odd {
  readonly id: EndpointId
  readonly parameter: string
  readonly query: readonly (readonly [string, string])[]
  readonly suffix: string
  readonly method: string | undefined
  readonly body: string
  readonly type: string
  readonly ifMatch: string
}

function urlOf({ id, parameter, query, suffix }: Odd): string {
  const path = endpoints[id].path.replace(/\{\w+\}/, () => encodeURIComponent(parameter.toWellFormed())) + suffix
  const search = new URLSearchParams()
  for (const [name, value] of query) search.append(name, value.toWellFormed())
  return `http://localhost/api/v1${path}?${search.toString()}`
}

function requestOf(odd: Odd, method: string): Request {
  const accept = { accept: 'application/json', authorization: `Bearer ${TOKEN}` }
  if (method === 'GET' || method === 'HEAD') return new Request(urlOf(odd), { method, headers: accept })
  const headers = { ...accept, 'if-match': odd.ifMatch, ...(odd.type === '' ? {} : { 'content-type': odd.type }) }
  const init = { method, body: odd.body.toWellFormed(), headers }
  return new Request(urlOf(odd), init)
}

/** Asks so often: no answer is a fault of the server's, and each is what the document says. */
export async function askOften(database: string, numRuns: number): Promise<void> {
  const asked = await booksToAsk(database)
  const property = fc.asyncProperty(request(asked), async odd => {
    const { id, suffix, parameter } = odd
    const method = odd.method ?? endpoints[id].method
    const answered = await asked.api(requestOf(odd, method))
    const text = await answered.text()
    expect(answered.status).toBeLessThan(500)
    if (method === 'HEAD') {
      expect(text).toBe('')
      return
    }
    const body: unknown = JSON.parse(text)
    const isRight = answered.status === 200
    // Such a path may be another endpoint's.
    if (isRight && (suffix !== '' || /^\.{0,2}$/.test(parameter) || odd.method !== undefined)) return
    const fits = isRight ? answers.get(id)! : problem
    expect(fits(body), `${id}: ${text}`).toBe(true)
  })
  try {
    await fc.assert(property, { numRuns })
    expect(asked.faults).toEqual([])
  } finally {
    await asked.end()
  }
}
