import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** Three processes, two fire times, a lease that is lost three times. */
const L: Space = { model: 'lease', name: 'L', flags: '' }

export const leaseRuns: readonly ModelRun[] = [
  modelRun({
    space: L,
    macros: ['CHECK_TERM'],
    expected: 'holds',
    search: 'depth',
    states: 25_977,
    why: 'Ledger and term together: one effect each, and none under a term that has ended.'
  }),
  modelRun({
    space: L,
    macros: ['NO_FENCE'],
    expected: 'holds',
    search: 'depth',
    states: 22_585,
    why: 'The ledger alone gives once, whoever believes to lead.'
  }),
  modelRun({
    space: L,
    macros: ['NO_FENCE', 'CHECK_TERM'],
    expected: 'TERM',
    states: 35,
    why: 'Without the check a leader of a past term still writes; harmless for firing, not for what is singular.'
  }),
  modelRun({
    space: L,
    macros: ['NO_LEDGER'],
    expected: 'ONCE',
    states: 233,
    why: 'The term alone: the first leader fires and loses its lease, the next one fires the same time again, under a good term.'
  }),
  modelRun({
    space: L,
    macros: ['NO_LEDGER', 'NO_FENCE'],
    expected: 'ONCE',
    states: 167,
    why: 'Neither: two that believe to lead fire the same time.'
  })
]
