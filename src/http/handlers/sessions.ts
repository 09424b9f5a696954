import { EscapementError } from '../../core/errors.ts'
import { isoOf } from '../../core/trigger/instant.ts'
import { csrfOf, Sessions } from '../../operations/access/sessions.ts'
import { CookieResponse, type EndpointHandlers } from '../handler.ts'
import { cookieOf, noCookie } from '../session/cookies.ts'

export const sessionHandlers: EndpointHandlers<'logIn' | 'getSession' | 'logOut'> = {
  logIn: async ({ store, clock, newId, caller, configured, isHttps, body: { https }, by }) => {
    const { actor, role, tokenId } = caller!
    const isOfConfigured = tokenId === undefined
    const boundTo = isOfConfigured ? configured : undefined
    const begun = await new Sessions({ store, clock, newId }).begin({ tokenId, boundTo, actor, role, by })
    if (begun === undefined) throw new EscapementError('token-unknown', 'The token was revoked or expired meanwhile.')
    const { id, csrf, expiresAt } = begun
    const cookie = cookieOf({ id, isOfConfigured }, { booksId: store.id, isSecure: isHttps || https })
    return new CookieResponse(cookie, { actor, role, expiresAt: isoOf(expiresAt), csrf })
  },
  getSession: async ({ caller }) => {
    const { actor, role, session } = caller!
    if (session === undefined) return { actor, role, expiresAt: null, csrf: null }
    return { actor, role, expiresAt: isoOf(session.expiresAt), csrf: csrfOf(session.id) }
  },
  logOut: async ({ store, clock, newId, caller, by }) => {
    const session = caller?.session
    if (session !== undefined) await new Sessions({ store, clock, newId }).end(session, { by })
    return new CookieResponse(noCookie(store.id), { isEnded: session !== undefined })
  }
}
