import * as v from 'valibot'
import { healthWords } from '../../core/counts/health-word.ts'
import { ledgerOutcomes } from '../../core/schedule/ledger.ts'
import { ledgerRow, listedSchedule } from '../shapes.ts'

const instant = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const text = v.string()
const maybe = { instant: v.nullable(instant), text: v.nullable(text), count: v.nullable(count) }
const { phase, phaseBy, trigger } = listedSchedule.entries

/** How it is, in one word, and why. */
const howItIs = {
  health: v.object({ word: v.picklist(healthWords), reason: maybe.text }),
  lastFinishedAt: maybe.instant,
  lastSuccessAt: maybe.instant,
  lastDurationMs: maybe.count
}

/** The fate of a fire time, or of several that were decided together. */
const stripCell = v.object({
  outcome: v.picklist(ledgerOutcomes),
  count,
  fireAt: instant,
  lastFireAt: instant,
  decidedAt: instant,
  jobId: maybe.text
})

/** The newest of the strip is at its end. */
export const foundSchedule = v.object({ ...listedSchedule.entries, ...howItIs, strip: v.array(stripCell) })

const transition = v.nullable(v.picklist(['gap', 'overlap']))
const fire = v.object({ at: instant, local: text, offset: text, transition })

/** Without the payload: an endpoint of its own has it, for operators. */
export const scheduleDetails = v.object({
  ...listedSchedule.entries,
  ...howItIs,
  revision: count,
  validFrom: instant,
  decidedUntil: instant,
  jobsCreated: count,
  definition: v.looseObject({ task: text, trigger }),
  next: v.array(fire),
  history: v.array(v.object({ revision: count, phase, phaseBy, validFrom: instant, release: v.number() }))
})

/** Of all schedules. */
export const unfiredRow = v.object({ scheduleId: text, ...ledgerRow.entries })

/** Without payloads. `before` is null for a member that was not there, `after` for one that is gone. */
export const revision = v.object({
  revision: count,
  phase,
  phaseBy,
  validFrom: instant,
  release: v.number(),
  definition: v.looseObject({ task: text, trigger }),
  differences: v.array(v.object({ member: text, before: v.unknown(), after: v.unknown() })),
  isPayloadChanged: v.boolean()
})
