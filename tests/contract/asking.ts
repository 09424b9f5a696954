import * as fc from 'fast-check'
import { expect } from 'vitest'
import { type EndpointId, endpoints } from '../../src/contract/endpoints.ts'
import { type Asked, booksToAsk } from './books-to-ask.ts'
import { answers, problem } from './schemas.ts'

const ids = Object.keys(endpoints) as EndpointId[]

/** Requests that are nearly right: known paths and parameters, with values of all kinds. */
const request = ({ ids: known }: Asked) => {
  const anyId = fc.oneof(
    fc.constantFrom(...known.schedules, ...known.jobs),
    fc.string({ unit: 'binary', maxLength: 300 })
  )
  const value = fc.oneof(
    fc.constantFrom('', '0', '1', '50', '200', '201', '-1', '1e3', '١', 'available', 'failed', 'works', 'often'),
    fc.constantFrom('2026-03-08T02:30:00Z', '2026-03-08', '9999-12-31T23:59:59.999Z', '0000-00-00T00:00:00Z'),
    fc.constantFrom("' OR 1=1 --", '__proto__', '<script>', '../../etc/passwd', '\u0000', '%', '%00', '\ud800'),
    fc.constantFrom(...known.jobs, ...known.schedules),
    fc.string({ unit: 'binary', maxLength: 300 })
  )
  const name = fc.oneof(
    fc.constantFrom('limit', 'cursor', 'state', 'task', 'queue', 'schedule', 'from', 'until', 'at'),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'LIMIT', ''),
    fc.string({ maxLength: 20 })
  )
  return fc.record({
    id: fc.constantFrom(...ids),
    parameter: anyId,
    query: fc.array(fc.tuple(name, value), { maxLength: 4 }),
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant('GET') },
      fc.constantFrom('HEAD', 'POST', 'DELETE', 'OPTIONS')
    ),
    suffix: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom('/', '//', '/..', '/%2e%2e', '/x'))
  })
}

interface Odd {
  readonly id: EndpointId
  readonly parameter: string
  readonly query: readonly (readonly [string, string])[]
  readonly suffix: string
}

function urlOf({ id, parameter, query, suffix }: Odd): string {
  const path = endpoints[id].path.replace('{id}', encodeURIComponent(parameter.toWellFormed())) + suffix
  const search = new URLSearchParams()
  for (const [name, value] of query) search.append(name, value.toWellFormed())
  return `http://localhost/api/v1${path}?${search.toString()}`
}

/**
 * Asks so often: no answer is a fault of the server's, and each is what the document says. Resolves with how many of
 * each endpoint were answered with status 200.
 */
export async function askOften(database: string, numRuns: number): Promise<ReadonlyMap<string, number>> {
  const asked = await booksToAsk(database)
  const right = new Map<string, number>()
  const property = fc.asyncProperty(request(asked), async odd => {
    const { id, suffix, parameter, method } = odd
    const answered = await asked.api(new Request(urlOf(odd), { method }))
    const text = await answered.text()
    expect(answered.status).toBeLessThan(500)
    if (method === 'HEAD') {
      expect(text).toBe('')
      return
    }
    const body: unknown = JSON.parse(text)
    const isRight = answered.status === 200
    // Such a path may be another endpoint's.
    if (isRight && (suffix !== '' || /^\.{0,2}$/.test(parameter))) return
    const fits = isRight ? answers.get(id)! : problem
    expect(fits(body), `${id}: ${text}`).toBe(true)
    if (isRight) right.set(id, (right.get(id) ?? 0) + 1)
  })
  try {
    await fc.assert(property, { numRuns })
    expect(asked.faults).toEqual([])
    return right
  } finally {
    await asked.end()
  }
}
