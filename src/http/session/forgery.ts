import type { Session } from '../../core/access/session.ts'
import { provesIntent } from '../../operations/access/sessions.ts'
import type { Problem } from '../problems.ts'
import { isJsonType } from '../request/body.ts'

/** Pages of other sites cannot send it without being asked about, which the API never allows. */
const CSRF_HEADER = 'x-escapement-csrf'

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * A browser sends cookies with what another page makes it send: a change by a session has to show that a page of ours
 * meant it. Nothing is compared with `Host` or `Origin`, which proxies rewrite.
 */
export function forgery({ method, headers }: Request, session: Pick<Session, 'csrfHash'>): Problem | undefined {
  if (isSafe(method)) return undefined
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return refused('Another site has sent it.')
  if (!isJsonType(headers.get('content-type'))) return refused('Its type is not "application/json".')
  const isMeant = provesIntent(session, headers.get(CSRF_HEADER) ?? '')
  return isMeant ? undefined : refused(`${CSRF_HEADER} is not what GET /api/v1/scheduler/session returns as "csrf".`)
}

const refused = (why: string): Problem => ({
  status: 403,
  code: 'csrf-refused',
  title: 'The change was not sent by a page of this session.',
  detail: `${why} Requests that present a token by Authorization need none of this.`
})
