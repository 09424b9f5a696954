import * as v from 'valibot'
import { auditActions, auditTargetKinds } from '../core/access/audit.ts'
import { jobStates } from '../core/job/job.ts'
import { isText } from '../core/options/forms.ts'
import { isoOf } from '../core/trigger/instant.ts'
import { instant } from './instant.ts'

const MAX_TEXT = 250
const DEFAULT_PAGE = 50
const MAX_PAGE = 200

const shortText = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(MAX_TEXT),
  v.check(text => isText(text), 'a text without the character NUL or a lone surrogate')
)

const limitTakes = `a whole number from 1 to ${MAX_PAGE}`

/** Which page of a list: `limit` 1 to 200, default 50; `cursor` is what the page before had. */
export const page = {
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, limitTakes),
      v.transform(Number),
      v.minValue(1, limitTakes),
      v.maxValue(MAX_PAGE, limitTakes)
    ),
    String(DEFAULT_PAGE)
  ),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(1_000)))
}

export const jobFilter = {
  state: v.optional(v.picklist(jobStates)),
  task: v.optional(shortText),
  queue: v.optional(shortText),
  schedule: v.optional(shortText)
}

/** From when until when, both included. */
export const span = { from: v.optional(instant, isoOf(0)), until: v.optional(instant, '9999-12-31T23:59:59.999Z') }

export const auditFilter = {
  actor: v.optional(shortText),
  action: v.optional(v.picklist(auditActions)),
  targetKind: v.optional(v.picklist(auditTargetKinds)),
  targetId: v.optional(shortText),
  from: v.optional(instant),
  until: v.optional(instant)
}
