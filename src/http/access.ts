import { createHash, timingSafeEqual } from 'node:crypto'
import { type ApiAccess, type ApiRole, apiRoles } from '../contract/endpoint.ts'
import type { Problem } from './problems.ts'

/** Says who asks: their role, or undefined for nobody. */
export type Identify = (request: Request) => ApiRole | undefined

/** Those who present the token are admins. Compares digests, so that the time it takes shows neither length nor content. */
export function byToken(token: string): Identify {
  const right = digest(token)
  return ({ headers }) => {
    const presented = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
    return presented !== undefined && timingSafeEqual(digest(presented), right) ? 'admin' : undefined
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Why the request is refused; undefined: it is not. Without credentials only the health check is served. */
export function refusal(request: Request, access: ApiAccess, identify: Identify | undefined): Problem | undefined {
  if (access === 'anyone') return undefined
  if (identify === undefined) return NO_CREDENTIALS
  const role = identify(request)
  if (role === undefined) return WRONG_CREDENTIALS
  return apiRoles.indexOf(role) >= apiRoles.indexOf(access) ? undefined : roleTooLow(role, access)
}

const unauthorized = { status: 401, headers: { 'www-authenticate': 'Bearer' } } as const

const NO_CREDENTIALS: Problem = {
  ...unauthorized,
  code: 'credentials-missing',
  title: 'The management API has no credentials here.',
  detail:
    'Without credentials only /api/v1/health/basic is served. Set SCHEDULER_API_TOKEN, and present it as "Authorization: Bearer <token>".'
}

const WRONG_CREDENTIALS: Problem = {
  ...unauthorized,
  code: 'token-wrong',
  title: 'This path requires credentials.',
  detail: 'Present SCHEDULER_API_TOKEN as "Authorization: Bearer <token>".'
}

const roleTooLow = (role: ApiRole, access: ApiRole): Problem => ({
  status: 403,
  code: 'role-too-low',
  title: 'This path requires another role.',
  detail: `It takes the role ${access}; these credentials have the role ${role}.`
})
