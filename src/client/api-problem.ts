/**
 * What is wrong with which parameter of the query, or with which place in the body (a JSON Pointer, RFC 6901).
 *
 * @experimental
 */
export interface ApiProblemPart {
  readonly detail: string
  /** Of the query. */
  readonly parameter?: string
  /** Of the body. */
  readonly pointer?: string
}

/**
 * What an `ApiProblem` is made of.
 *
 * @experimental
 */
export interface ApiProblemOptions {
  /** 400 to 599. */
  readonly status: number
  /** As the problem document has it. */
  readonly code: string
  /** @default the title is the message */
  readonly detail?: string | undefined
  /** @default none */
  readonly errors?: readonly ApiProblemPart[] | undefined
  /** @default the API did not say */
  readonly retryAfterMs?: number | undefined
}

/**
 * A refusal of the management API: its problem document (RFC 9457) as an error.
 *
 * @example
 * ```ts
 * await scheduler.retryJob({ id }).catch(error => {
 *   if (!(error instanceof ApiProblem && error.code === 'job-not-finished')) throw error
 * })
 * ```
 *
 * @experimental
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** The status of the response, 400 to 599. */
  readonly status: number
  /** Such as `job-unknown`; `http-502` and the like if something before the API refused. */
  readonly code: string
  /** What is wrong with each part of the request; empty for most refusals. */
  readonly errors: readonly ApiProblemPart[]
  /** How long to wait before another try, if the API said so. */
  readonly retryAfterMs: number | undefined

  constructor(title: string, { status, code, detail, errors = [], retryAfterMs }: ApiProblemOptions) {
    super(detail ?? title)
    this.status = status
    this.code = code
    this.errors = errors
    this.retryAfterMs = retryAfterMs
  }
}

/** The refusal that a response is. What comes from a proxy has no problem document, and is named by its status. */
export async function apiProblemOf(response: Response): Promise<ApiProblem> {
  const { status, headers } = response
  const retryAfterMs = 1_000 * Number(headers.get('retry-after') ?? Number.NaN)
  const given: unknown = await response.json().catch(() => undefined)
  const { title, code, detail, errors } = (Object(given) === given ? given : {}) as Readonly<Record<string, unknown>>
  return new ApiProblem(typeof title === 'string' ? title : `The response has the status ${status}.`, {
    status,
    code: typeof code === 'string' ? code : `http-${status}`,
    detail: typeof detail === 'string' ? detail : undefined,
    errors: Array.isArray(errors) ? (errors as ApiProblemPart[]) : undefined,
    retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : undefined
  })
}
