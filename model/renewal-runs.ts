import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** Two TTLs of time and one outage. */
const Q: Space = { model: 'renewal', name: 'Q', flags: '-DLAST=6 -DOUTAGES=1' }
/** Three TTLs of time and two outages. */
const V: Space = { model: 'renewal', name: 'V', flags: '-DLAST=9 -DOUTAGES=2' }

export const renewalRuns: readonly ModelRun[] = [
  modelRun({
    space: Q,
    expected: 'holds',
    search: 'depth',
    states: 123_196,
    why: 'Whatever is late or lost: a node gives up before it is given up.'
  }),
  modelRun({
    space: Q,
    macros: ['PROMPT'],
    expected: 'holds',
    search: 'depth',
    states: 41_747,
    why: "An outage of any length is nobody's death."
  }),
  modelRun({
    space: V,
    expected: 'holds',
    search: 'depth',
    states: 1_526_436,
    why: 'The same for longer, with two outages.'
  }),
  modelRun({
    space: V,
    macros: ['PROMPT'],
    expected: 'holds',
    search: 'depth',
    states: 845_434,
    why: 'The same for longer, with two outages.'
  }),
  modelRun({
    space: Q,
    macros: ['TRUST_FROM_ANSWER'],
    expected: 'SELF-FIRST',
    states: 73_802,
    why: 'The node counts from the moment that it read the answer, which was long under way; the observer counts from the commit.'
  }),
  modelRun({
    space: Q,
    macros: ['LOST_UNGUARDED'],
    expected: 'SELF-FIRST',
    states: 16_086,
    why: 'The observer has waited for a TTL; a renewal commits; the observer writes all the same.'
  }),
  modelRun({
    space: Q,
    macros: ['WALL_CLOCK'],
    expected: 'SELF-FIRST',
    states: 108,
    why: 'An instant of expiry, written by one wall clock and read by another that is ahead.'
  }),
  modelRun({
    space: Q,
    macros: ['PROMPT', 'GAPS_UNCAPPED'],
    expected: 'OUTAGE',
    states: 585,
    why: "The store was away for a TTL; the observer comes back first and takes the silence for the node's."
  })
]
