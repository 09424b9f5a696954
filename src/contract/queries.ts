import * as v from 'valibot'
import { auditActions, auditTargetKinds } from '../core/access/audit.ts'
import { healthWords } from '../core/counts/health-word.ts'
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

const stripTakes = 'a whole number from 0 to 60'
const onlyTrue = v.optional(v.literal('true'))

export const scheduleFilter = {
  phase: v.optional(v.picklist(['active', 'paused', 'ended', 'removed'])),
  health: v.optional(v.picklist(healthWords)),
  task: v.optional(shortText),
  app: v.optional(shortText),
  queue: v.optional(shortText),
  orphaned: onlyTrue,
  overdue: onlyTrue,
  /** A part of the id. */
  q: v.optional(shortText),
  sort: v.optional(v.picklist(['id', 'nextFireAt', 'lastSuccessAt'])),
  /** How many decisions to show of each. */
  strip: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,2}$/, stripTakes), v.transform(Number), v.maxValue(60, stripTakes)),
    '0'
  )
}

/** What can be asked of the ledger of all schedules: fire times that did not fire. */
export const unfiredOutcome = v.optional(
  v.picklist(['coalesced', 'misfired', 'overlapped', 'paused', 'orphaned', 'excluded'])
)

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

const triggerTakes = 'the JSON of a trigger, of at most 4000 characters'
const MAX_TRIGGER = 4_000

/** Any JSON object: the library checks it as it does in a definition. */
const triggerJson = v.pipe(
  v.string(triggerTakes),
  v.maxLength(MAX_TRIGGER, triggerTakes),
  v.rawTransform(({ dataset, addIssue, NEVER }): object => {
    const value = jsonIn(dataset.value)
    if (typeof value === 'object' && value !== null) return value
    addIssue({ message: triggerTakes })
    return NEVER
  })
)

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const countTakes = 'a whole number from 1 to 1000'

export const previewQuery = {
  trigger: triggerJson,
  count: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, countTakes),
      v.transform(Number),
      v.minValue(1, countTakes),
      v.maxValue(1_000, countTakes)
    ),
    '10'
  ),
  from: v.optional(instant),
  /** In which to show fire times of triggers without one. */
  timezone: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100)), 'UTC')
}
