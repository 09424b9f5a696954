import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** One at-least-once job and one fault. */
const O1: Space = { model: 'jobs', name: 'O1', flags: '-DJOBS=1 -DAMOJ=9 -DOPS=0 -DB=1' }
/** One at-least-once job and two faults. */
const O2: Space = { model: 'jobs', name: 'O2', flags: '-DJOBS=1 -DAMOJ=9 -DOPS=0 -DB=2' }
/** One at-least-once job and three faults. */
const O3: Space = { model: 'jobs', name: 'O3', flags: '-DJOBS=1 -DAMOJ=9 -DOPS=0 -DB=3' }
/** A cancel and an operator's retry, no fault. */
const W0: Space = { model: 'jobs', name: 'W0', flags: '-DJOBS=1 -DAMOJ=9 -DOPS=1 -DB=0' }
/** A cancel, an operator's retry and one fault. */
const W1: Space = { model: 'jobs', name: 'W1', flags: '-DJOBS=1 -DAMOJ=9 -DOPS=1 -DB=1' }
/** A cancel, an operator's retry and two faults. */
const W2: Space = { model: 'jobs', name: 'W2', flags: '-DJOBS=1 -DAMOJ=9 -DOPS=1 -DB=2' }
/** Two jobs, the second at-most-once, and one fault. */
const T1: Space = { model: 'jobs', name: 'T1', flags: '-DJOBS=2 -DAMOJ=1 -DOPS=0 -DB=1' }
/** Two jobs with one attempt each, and two faults. */
const T2: Space = { model: 'jobs', name: 'T2', flags: '-DJOBS=2 -DAMOJ=9 -DOPS=0 -DB=2 -DMA=1' }
/** Two jobs, crashes only; deaths in company are watched. */
const I: Space = {
  model: 'jobs',
  name: 'I',
  flags: '-DJOBS=2 -DAMOJ=9 -DOPS=0 -DB=2 -DMA=1 -DCRASH_ONLY -DCHECK_INNOCENT'
}

export const jobsRuns: readonly ModelRun[] = [
  modelRun({
    space: O1,
    expected: 'holds',
    search: 'depth',
    states: 4_646,
    why: 'At-least-once with one fault: the smallest world that shows every path of a single failure.'
  }),
  modelRun({
    space: O2,
    expected: 'holds',
    search: 'depth',
    states: 107_855,
    why: 'At-least-once with two faults.'
  }),
  modelRun({
    space: O3,
    expected: 'holds',
    search: 'depth',
    states: 1_385_998,
    why: 'At-least-once with three faults.'
  }),
  modelRun({
    space: W0,
    expected: 'holds',
    search: 'depth',
    states: 709,
    why: 'Cancel and retry in calm weather.'
  }),
  modelRun({
    space: W1,
    expected: 'holds',
    search: 'depth',
    states: 193_640,
    why: 'Cancel and retry with one fault.'
  }),
  modelRun({
    space: W2,
    expected: 'holds',
    search: 'depth',
    states: 9_069_533,
    why: 'Cancel and retry with two faults.'
  }),
  modelRun({
    space: T1,
    expected: 'holds',
    search: 'depth',
    states: 1_032_466,
    why: 'Two jobs of different kinds.'
  }),
  modelRun({
    space: T2,
    expected: 'holds',
    search: 'depth',
    states: 15_228_035,
    why: 'Two jobs that share processes and faults.'
  }),
  modelRun({
    space: I,
    expected: 'holds',
    search: 'depth',
    states: 596_239,
    why: 'A job once rescued runs alone: whatever dies with it is itself.'
  }),
  modelRun({
    space: O2,
    macros: ['FENCE_BY_ATTEMPT'],
    expected: 'NO-STALE',
    states: 13_820,
    why: 'Lease lost, rescued, claimed again under the same attempt number; the zombie writes.'
  }),
  modelRun({
    space: W0,
    macros: ['FENCE_BY_ATTEMPT', 'CANCEL_AT_ONCE', 'NO_SOLO'],
    expected: 'NO-STALE',
    states: 508,
    why: 'Without any fault: cancelled, retried by the operator, claimed again as attempt 1; the old attempt writes.'
  }),
  modelRun({
    space: O2,
    macros: ['GUARD_WITHOUT_STATE'],
    expected: 'NO-STALE',
    states: 9_127,
    why: 'The settle commits, its answer is lost, it is sent again: written twice.'
  }),
  modelRun({
    space: O2,
    macros: ['GUARD_WITHOUT_FENCE'],
    expected: 'NO-STALE',
    states: 14_710,
    why: "Rescued and claimed by another: the row is running, so the zombie's write passes."
  }),
  modelRun({
    space: O2,
    macros: ['SETTLE_SUBSELECT'],
    expected: 'NO-STALE',
    states: 23_103,
    why: 'The check passes in a subselect, a rescue commits, the write follows.'
  }),
  modelRun({
    space: O2,
    macros: ['RESCUE_UNGUARDED'],
    expected: 'SOLO',
    states: 104_162,
    why: 'Rescue reads; the job is given back and claimed by a live node; rescue takes it from that one.'
  }),
  modelRun({
    space: O2,
    macros: ['RESCUE_UNGUARDED', 'NO_SOLO'],
    expected: 'ONE-EFFECT',
    states: 113_899,
    why: 'The same, seen by its effect.'
  }),
  modelRun({
    space: O2,
    macros: ['RESCUE_BY_NODE'],
    expected: 'NONE-LOST',
    states: 3_344,
    why: 'Lease lost and swept; a claim under the dead identity commits later and its answer is lost: nobody looks again.'
  }),
  modelRun({
    space: O2,
    macros: ['REVIVE_NODE'],
    expected: 'SOLO',
    states: 20_946,
    why: 'Rescued and claimed by another; the node revives with its old handler still running: two handlers, both leases live.'
  }),
  modelRun({
    space: O3,
    macros: ['REVIVE_NODE', 'NO_SOLO'],
    expected: 'holds',
    search: 'depth',
    states: 963_396,
    why: 'What revival breaks is SOLO and nothing else: the fence keeps the books.'
  }),
  modelRun({
    space: O2,
    macros: ['NO_RECONCILE'],
    expected: 'NONE-LOST',
    states: 809,
    why: "The claim's answer is lost: the job runs nowhere under a live lease."
  }),
  modelRun({
    space: O3,
    macros: ['RECONCILE_BY_ID'],
    expected: 'NONE-LOST',
    states: 202_594,
    why: 'A zombie handler of the job hangs in the process; the new identity claims the same job and the answer is lost; "I run it" is true of the wrong attempt.'
  }),
  modelRun({
    space: O2,
    macros: ['RECONCILE_INFLIGHT'],
    expected: 'SOLO',
    states: 25_485,
    why: "The renewal compares between a claim's commit and its answer; given back, claimed by another; both run."
  }),
  modelRun({
    space: O2,
    macros: ['CHARGE_ON_GIVEBACK'],
    expected: 'FAIR-DISCARD',
    states: 11_990,
    why: 'Two graceful stops, and a job is discarded without one failure.'
  }),
  modelRun({
    space: O2,
    macros: ['CHARGE_ON_RESCUE'],
    expected: 'FAIR-DISCARD',
    states: 37_378,
    why: 'The same by two rescues.'
  }),
  modelRun({
    space: O2,
    macros: ['TX_ON_ACCEPTED'],
    expected: 'ONE-EFFECT',
    states: 9_127,
    why: 'Settle and effect commit, the answer is lost; sent again it is `accepted`, and the effect is written again.'
  }),
  modelRun({
    space: O2,
    macros: ['GIVEBACK_WHILE_RUNNING'],
    expected: 'SOLO',
    states: 11_701,
    why: 'Given back at stop while its handler ignores the signal.'
  }),
  modelRun({
    space: O2,
    macros: ['GIVEBACK_AFTER_LEAVING'],
    expected: 'holds',
    search: 'depth',
    states: 120_451,
    why: 'Given back while its handler ignores the signal, by a node that has left, and whose process ends.'
  }),
  modelRun({
    space: O3,
    macros: ['GIVEBACK_WHILE_RUNNING', 'NO_SOLO'],
    expected: 'holds',
    search: 'depth',
    states: 2_578_040,
    why: 'What it breaks is SOLO and nothing else.'
  }),
  modelRun({
    space: W1,
    macros: ['CANCEL_AT_ONCE'],
    expected: 'SOLO',
    states: 8_199,
    why: 'Cancelled while running, retried by the operator: two handlers, without a fault.'
  }),
  modelRun({
    space: W1,
    macros: ['CANCEL_AT_ONCE', 'NO_SOLO'],
    expected: 'holds',
    search: 'depth',
    states: 338_720,
    why: 'What it breaks is SOLO and nothing else.'
  }),
  modelRun({
    space: O2,
    macros: ['CHECK_ANSWERS'],
    expected: 'ANSWER',
    states: 16_167,
    why: 'The limit of rule 10: a failure is settled, the answer lost, the job claimed again; sent again the settle is `stale`, though it was written.'
  }),
  modelRun({
    space: I,
    macros: ['ALONE_IN_STATEMENT'],
    expected: 'INNOCENT',
    search: 'depth',
    states: 38_378,
    why: 'A job rescued once is claimed by a statement of its own, and runs beside another; the process dies: counted as a death alone.'
  })
]
