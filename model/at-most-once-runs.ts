import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** One at-most-once job and one fault. */
const M1: Space = { model: 'jobs', name: 'M1', flags: '-DJOBS=1 -DAMOJ=0 -DOPS=0 -DB=1' }
/** One at-most-once job and two faults. */
const M2: Space = { model: 'jobs', name: 'M2', flags: '-DJOBS=1 -DAMOJ=0 -DOPS=0 -DB=2' }
/** One at-most-once job and three faults. */
const M3: Space = { model: 'jobs', name: 'M3', flags: '-DJOBS=1 -DAMOJ=0 -DOPS=0 -DB=3' }
/** One at-most-once job, two faults, a cancel and an operator's retry. */
const MW: Space = { model: 'jobs', name: 'MW', flags: '-DJOBS=1 -DAMOJ=0 -DOPS=1 -DB=2' }

export const atMostOnceRuns: readonly ModelRun[] = [
  modelRun({
    space: M1,
    expected: 'holds',
    search: 'depth',
    states: 1_810,
    why: 'At-most-once with one fault.'
  }),
  modelRun({
    space: M2,
    expected: 'holds',
    search: 'depth',
    states: 30_081,
    why: 'At-most-once with two faults.'
  }),
  modelRun({
    space: M3,
    expected: 'holds',
    search: 'depth',
    states: 318_766,
    why: 'At-most-once with three faults.'
  }),
  modelRun({
    space: MW,
    expected: 'holds',
    search: 'depth',
    states: 1_165_877,
    why: 'At-most-once with cancel and retry.'
  }),
  modelRun({
    space: M2,
    macros: ['AMO_GIVEBACK'],
    expected: 'AT-MOST-ONCE',
    states: 27_720,
    why: 'Started, stopped gracefully, given back, claimed again.'
  }),
  modelRun({
    space: M1,
    macros: ['AMO_RETRY'],
    expected: 'AT-MOST-ONCE',
    states: 4_145,
    why: 'Failed and retried.'
  }),
  modelRun({
    space: M2,
    macros: ['AMO_START_LATE'],
    expected: 'AT-MOST-ONCE',
    states: 19_623,
    why: 'The handler is entered, and rescued before its start is committed.'
  }),
  modelRun({
    space: M2,
    macros: ['AMO_RESCUED_BACK'],
    expected: 'AT-MOST-ONCE',
    states: 50_347,
    why: 'Rescued after its start and given to another.'
  })
]
