import { type ErrorCode, isEscapementError } from '../core/errors.ts'

/** Statuses of errors that a caller or a store can cause. Every other error is the server's own fault. */
const statuses: { readonly [Code in ErrorCode]?: number } = {
  'store-busy': 503,
  'store-unavailable': 503,
  stopped: 503
}

const RETRY_AFTER_S = 5

export interface Problem {
  readonly status: number
  /**
   * One of `errorMeanings`, or of the API's own: "request-invalid", "token-wrong", "path-unknown", "method-unknown",
   * "failed".
   */
  readonly code: string
  readonly title: string
  readonly detail?: string
}

/** A response with a problem document (RFC 9457). */
export function problemResponse(
  { status, code, title, detail }: Problem,
  headers: Record<string, string> = {}
): Response {
  const body = { type: `urn:escapement:problem:${code}`, title, status, detail, code }
  const later = status === 503 ? { 'retry-after': String(RETRY_AFTER_S) } : {}
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...later, ...headers }
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
  const title = status === 503 ? 'The books cannot be read at the moment.' : 'The request failed.'
  return { status, code: error.code, title, detail: error.message }
}
