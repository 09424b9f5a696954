import type { GenericSchema } from 'valibot'
import type { AccessRole, AuditAction } from '../core/access/audit.ts'
import type { ErrorCode } from '../core/errors.ts'

/** Who may call an endpoint: everybody, or those who have at least this role. */
export type ApiAccess = 'anyone' | AccessRole

/** One endpoint of the management API. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`. `{name}` is a parameter: one segment, at most 250 characters. */
  readonly path: `/${string}`
  readonly access: ApiAccess
  /** For people, in a few words. */
  readonly summary: string
  /** An object whose members are texts or absent. A member that it does not name is refused. */
  readonly query?: GenericSchema<Readonly<Record<string, unknown>>, unknown>
  /** Of a change: what the audit calls it. */
  readonly action?: AuditAction
  /** A JSON object, of at most 256 kB. Without it the request has no body. */
  readonly body?: GenericSchema<Readonly<Record<string, unknown>>, unknown>
  readonly response: GenericSchema
  /** The `revision` of the response is also its `ETag`. */
  readonly hasETag?: boolean
  /** Whether a request has to say by `If-Match` which revision it is meant for, or may say it. */
  readonly precondition?: 'required' | 'taken'
  /** False: only a token opens it, and no session. */
  readonly takesCookie?: false
  /** It begins or ends a session. */
  readonly setsCookie?: true
  /** False: it is served while the books are away, and its handler gets none. */
  readonly needsBooks?: false
  /** Types of texts that callers get instead, by their `Accept`. */
  readonly texts?: readonly string[]
  /** Codes of the problems that only this endpoint has. */
  readonly problems?: readonly ErrorCode[]
}

/** Endpoints by their ids. */
export type Endpoints = Readonly<Record<string, Endpoint>>
