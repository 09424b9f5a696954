import * as v from 'valibot'
import { jobOutcomes } from '../../core/counts/tally.ts'

const instant = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const text = v.string()

/** Jobs of a task that failed for good with the same error; each number in its first line is #. */
export const failures = v.object({
  items: v.array(v.object({ task: text, error: text, count, firstAt: instant, lastAt: instant, jobId: text })),
  lookedAt: count,
  isMore: v.boolean()
})

/** `totals` are of all nodes that ever were, since counting began. */
export const tasks = v.object({
  items: v.array(v.object({ task: text, workers: count, totals: v.object(v.entriesFromList(jobOutcomes, count)) })),
  isMore: v.boolean()
})

/** Fire times of a trigger. Incomplete: it took too long, and the next ones come after the last of these. */
export const preview = v.object({
  fires: v.array(
    v.object({ at: instant, local: text, offset: text, transition: v.nullable(v.picklist(['gap', 'overlap'])) })
  ),
  doubts: v.array(text),
  complete: v.boolean()
})
