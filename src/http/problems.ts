import { statuses } from '../contract/statuses.ts'
import { isEscapementError } from '../core/errors.ts'
import { protectiveHeaders } from './headers.ts'

const titles: ReadonlyMap<number, string> = new Map([
  [400, 'The request is invalid.'],
  [404, 'There is no such thing in the books.'],
  [409, 'The state of things does not allow it.'],
  [412, 'It has changed since it was read.'],
  [503, 'The books cannot be read at the moment.']
])

const RETRY_AFTER_S = 5

/** What is wrong with which parameter of the query, or with which place in the body (a JSON Pointer, RFC 6901). */
export type InvalidPart = { readonly detail: string } & ({ readonly parameter: string } | { readonly pointer: string })

export interface Problem {
  readonly status: number
  /**
   * One of `errorMeanings`, or of the API's own: "request-invalid", "credentials-missing", "token-wrong",
   * "role-too-low", "csrf-refused", "path-unknown", "method-unknown", "body-too-large",
   * "body-too-slow", "content-type-wrong", "precondition-missing", "failed".
   */
  readonly code: string
  readonly title: string
  readonly detail?: string
  readonly errors?: readonly InvalidPart[]
  readonly headers?: Readonly<Record<string, string>>
}

/** A response with a problem document (RFC 9457). */
export function problemResponse({ status, code, title, detail, errors, headers }: Problem): Response {
  const body = { type: `urn:escapement:problem:${code}`, title, status, detail, code, errors }
  const later = status === 503 ? { 'retry-after': String(RETRY_AFTER_S) } : {}
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...protectiveHeaders, 'content-type': 'application/problem+json', ...later, ...headers }
  })
}

/**
 * The problem that a caller gets for an error. Errors that are not Escapement's are not quoted: their text may hold
 * secrets.
 */
export function problemOf(error: unknown): Problem {
  if (!isEscapementError(error))
    return { status: 500, code: 'failed', title: 'The request failed inside the server; its log has the error.' }
  const status = statuses[error.code] ?? 500
  const title = titles.get(status) ?? 'The request failed.'
  return { status, code: error.code, title, detail: error.message }
}

/** The problem of a request whose query or body is not what its endpoint takes. */
export function invalidRequest(errors: readonly InvalidPart[]): Problem {
  const detail = errors.map(each => `${'parameter' in each ? each.parameter : each.pointer || 'body'}: ${each.detail}`)
  return {
    status: 400,
    code: 'request-invalid',
    title: 'The request is invalid.',
    detail: detail.join(' '),
    errors
  }
}
