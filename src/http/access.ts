import type { ApiAccess } from '../contract/endpoint.ts'
import { type AccessRole, accessRoles } from '../core/access/audit.ts'
import { presentedToken, type Token } from '../core/access/token.ts'
import type { Session } from '../core/access/session.ts'
import { hashOfSecret, isSecretOf } from '../operations/access/secrets.ts'
import type { Problem } from './problems.ts'

/** Somebody who has proved who it is. */
export interface ApiCaller {
  /** The name of the token. */
  readonly actor: string
  readonly role: AccessRole
  /** Of a token of the books. */
  readonly tokenId?: string | undefined
  /** With the id that the cookie has. Undefined: a token was presented. */
  readonly session?: Session & { readonly id: string }
}

/** With the configured token one is an admin, under its name as a setting. */
const CONFIGURED: ApiCaller = { actor: 'SCHEDULER_API_TOKEN', role: 'admin' }

/**
 * Who presents which token: the configured one, or one of the books. The configured one is compared by hashes, so that
 * the time it takes shows neither length nor content, and is known even if the books can't be read.
 */
export async function callerOf(
  request: Request,
  configured: string | undefined,
  check: (text: string) => Promise<Token | undefined>
): Promise<ApiCaller | undefined> {
  const presented = presentedBy(request)
  if (presented === undefined) return undefined
  if (configured !== undefined && isSecretOf(presented, hashOfSecret(configured))) return CONFIGURED
  // The books are not asked about anything else.
  const token = presentedToken(presented) === undefined ? undefined : await check(presented)
  return token === undefined ? undefined : { actor: token.name, role: token.role, tokenId: token.id }
}

/** Whether it presents anything by a header, which no other site makes a browser send. */
export const hasAuthorization = ({ headers }: Request): boolean => headers.has('authorization')

const presentedBy = ({ headers }: Request): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]

/** Why the request is refused; undefined: it is not. */
export function refusal(request: Request, access: ApiAccess, caller: ApiCaller | undefined): Problem | undefined {
  if (access === 'anyone') return undefined
  if (caller === undefined) return presentedBy(request) === undefined ? NO_CREDENTIALS : WRONG_CREDENTIALS
  return accessRoles.indexOf(caller.role) >= accessRoles.indexOf(access) ? undefined : roleTooLow(caller.role, access)
}

const unauthorized = { status: 401, headers: { 'www-authenticate': 'Bearer' } } as const
const PRESENT =
  'Present a token as "Authorization: Bearer <token>": SCHEDULER_API_TOKEN, or one that "escapement tokens create" has made.'

const NO_CREDENTIALS: Problem = {
  ...unauthorized,
  code: 'credentials-missing',
  title: 'This path requires credentials.',
  detail: `${PRESENT} Without one only /api/v1/health/basic is served.`
}

const WRONG_CREDENTIALS: Problem = {
  ...unauthorized,
  code: 'token-wrong',
  title: 'The token is wrong, has expired or was revoked.',
  detail: PRESENT
}

const roleTooLow = (role: AccessRole, access: AccessRole): Problem => ({
  status: 403,
  code: 'role-too-low',
  title: 'This path requires another role.',
  detail: `It takes the role ${access}; these credentials have the role ${role}.`
})
