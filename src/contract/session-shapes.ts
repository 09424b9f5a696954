import * as v from 'valibot'
import { accessRoles } from '../core/access/audit.ts'
import { changeBody } from './bodies.ts'

/** `https`: the page was loaded by HTTPS, which a proxy may have taken off. */
export const logInBody = v.strictObject({
  ...changeBody.entries,
  https: v.optional(v.boolean('true or false'), false)
})

/** Of a token, which has no session, the last two are null. */
export const session = v.object({
  actor: v.string(),
  role: v.picklist(accessRoles),
  expiresAt: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
  csrf: v.nullable(v.string())
})

export const endedSession = v.object({ isEnded: v.boolean() })
