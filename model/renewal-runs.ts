import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** A TTL and two renewals of time, and one outage. */
const Q: Space = { model: 'renewal', name: 'Q', flags: '-DLAST=5 -DOUTAGES=1' }
/** Longer, with two outages. */
const V: Space = { model: 'renewal', name: 'V', flags: '-DLAST=7 -DOUTAGES=2' }

export const renewalRuns: readonly ModelRun[] = [
  modelRun({
    space: Q,
    expected: 'holds',
    search: 'depth',
    states: 189_034,
    why: 'Whatever is late or lost: a node gives up before it is given up.'
  }),
  modelRun({
    space: Q,
    macros: ['PROMPT'],
    expected: 'holds',
    search: 'depth',
    states: 84_538,
    why: "An outage of any length is nobody's death."
  }),
  modelRun({
    space: V,
    expected: 'holds',
    search: 'depth',
    states: 2_254_821,
    why: 'The same for longer, with two outages.'
  }),
  modelRun({
    space: V,
    macros: ['PROMPT'],
    expected: 'holds',
    search: 'depth',
    states: 1_476_488,
    why: 'The same for longer, with two outages.'
  }),
  modelRun({
    space: Q,
    macros: ['TRUST_FROM_ANSWER'],
    expected: 'SELF-FIRST',
    states: 159_682,
    why: 'The node counts from the moment that it read the answer, which was long under way; the observer counts from the commit.'
  }),
  modelRun({
    space: Q,
    macros: ['COUNT_FROM_ASKED'],
    expected: 'SELF-FIRST',
    states: 112_320,
    why: 'A read took long and saw a renewal at its end; the observer takes the time of the read for stillness.'
  }),
  modelRun({
    space: Q,
    macros: ['LOST_UNGUARDED'],
    expected: 'SELF-FIRST',
    states: 44_456,
    why: 'The observer has waited for a TTL; a renewal commits; the observer writes all the same.'
  }),
  modelRun({
    space: Q,
    macros: ['WALL_CLOCK'],
    expected: 'SELF-FIRST',
    states: 335,
    why: 'An instant of expiry, written by one wall clock and read by another that is ahead.'
  }),
  modelRun({
    space: Q,
    macros: ['PROMPT', 'GAPS_UNCAPPED'],
    expected: 'OUTAGE',
    states: 1_234,
    why: "The store was away for a TTL; the observer comes back first and takes the silence for the node's."
  })
]
