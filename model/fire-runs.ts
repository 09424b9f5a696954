import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** Two operators with two changes in all. */
const E: Space = { model: 'fire', name: 'E', flags: '-DOPS=2 -DRUNS=0 -DT=2' }
/** One operator with three changes: pause, edit, resume. */
const P: Space = { model: 'fire', name: 'P', flags: '-DOPS=3 -DOPERATORS=1 -DRUNS=0 -DT=2' }
/** Two operators with three changes: remove, create again, and a stale one. */
const N: Space = { model: 'fire', name: 'N', flags: '-DOPS=3 -DRUNS=0 -DT=1' }
/** Two callers of run-now. */
const R: Space = { model: 'fire', name: 'R', flags: '-DOPS=0 -DRUNS=1 -DT=3' }
/** Three schedulers. */
const R3: Space = { model: 'fire', name: 'R3', flags: '-DOPS=0 -DRUNS=1 -DT=3 -DSCHEDULERS=3' }
/** Three processes of two releases register. */
const D: Space = { model: 'fire', name: 'D', flags: '-DOPS=0 -DRUNS=0 -DDEPLOY -DT=2' }
/** A change and a run-now together. */
const X: Space = { model: 'fire', name: 'X', flags: '-DOPS=1 -DRUNS=1 -DRUNNERS=1 -DOPERATORS=1 -DT=3' }
/** runAtStart, and two processes that start twice each. */
const S: Space = { model: 'fire', name: 'S', flags: '-DOPS=0 -DRUNS=0 -DT=2 -DFIRST=B -DSTARTS=2' }
/** runAtStart over more than one period. */
const SL: Space = { model: 'fire', name: 'SL', flags: '-DOPS=0 -DRUNS=0 -DT=3 -DSTARTS=2' }
/** runAtStart beside an operator. */
const SO: Space = { model: 'fire', name: 'SO', flags: '-DOPS=1 -DOPERATORS=1 -DRUNS=0 -DT=2 -DFIRST=B -DSTARTS=1' }
/** runAtStart beside a run-now. */
const SR: Space = { model: 'fire', name: 'SR', flags: '-DOPS=0 -DRUNS=1 -DRUNNERS=1 -DT=2 -DFIRST=B -DSTARTS=1' }

export const fireRuns: readonly ModelRun[] = [
  modelRun({
    space: E,
    expected: 'holds',
    search: 'depth',
    states: 112_021,
    why: 'Changes by two operators beside two schedulers.'
  }),
  modelRun({
    space: P,
    expected: 'holds',
    search: 'depth',
    states: 49_930,
    why: 'Pause, edit of the paused schedule, resume.'
  }),
  modelRun({
    space: N,
    expected: 'holds',
    search: 'depth',
    states: 22_647,
    why: 'Removed and created again under the same id.'
  }),
  modelRun({
    space: R,
    expected: 'holds',
    search: 'depth',
    states: 36_452,
    why: 'Firing beside run-now.'
  }),
  modelRun({
    space: R3,
    expected: 'holds',
    search: 'depth',
    states: 497_756,
    why: 'The same with three schedulers.'
  }),
  modelRun({
    space: D,
    expected: 'holds',
    search: 'depth',
    states: 297_096,
    why: 'A rolling deployment with a late process of the old release.'
  }),
  modelRun({
    space: X,
    expected: 'holds',
    search: 'depth',
    states: 249_251,
    why: 'An operator and a run-now at once.'
  }),
  modelRun({
    space: S,
    expected: 'holds',
    search: 'depth',
    states: 66_531,
    why: 'N processes, or a crash loop, are one run.'
  }),
  modelRun({
    space: SL,
    expected: 'holds',
    search: 'depth',
    states: 510_360,
    why: 'The same over more than one period.'
  }),
  modelRun({
    space: SO,
    expected: 'holds',
    search: 'depth',
    states: 377_460,
    why: 'No start run after a pause or a removal.'
  }),
  modelRun({
    space: SR,
    expected: 'holds',
    search: 'depth',
    states: 74_331,
    why: 'Start run, run-now and firing: one live job.'
  }),
  modelRun({
    space: R,
    macros: ['CAS_NO_DECIDED'],
    expected: 'ONCE',
    states: 33_582,
    why: 'Two schedulers read; one decides `overlapped`, so that no job is created; the other decides the same time again.'
  }),
  modelRun({
    space: P,
    macros: ['CAS_NO_REVISION'],
    expected: 'DEFINITION',
    states: 14_300,
    why: 'A pause or an edit reads the clock at 0, a scheduler at 1; the change commits and decidedUntil is still 0; the scheduler decides 1 under the old definition.'
  }),
  modelRun({
    space: D,
    macros: ['CAS_NO_REVISION'],
    expected: 'RELEASE',
    states: 21_971,
    why: 'The old release reads, the new one writes, the old one writes.'
  }),
  modelRun({
    space: SO,
    macros: ['CAS_NO_REVISION'],
    expected: 'PAUSE',
    states: 499_469,
    why: 'A starting process reads an active schedule; a pause commits at the same instant; the start run is created.'
  }),
  modelRun({
    space: R,
    macros: ['CAS_NO_CREATED'],
    expected: 'ONE-LIVE',
    states: 8_053,
    why: 'A scheduler reads that nothing lives; a run-now is created; the scheduler fires.'
  }),
  modelRun({
    space: S,
    macros: ['CAS_NO_CREATED'],
    expected: 'START-ONCE',
    states: 778,
    why: 'Two starting processes read that nothing was created; both write.'
  }),
  modelRun({
    space: R,
    macros: ['RUN_NOW_WITHOUT_CREATED'],
    expected: 'ONE-LIVE',
    states: 153,
    why: 'Two run-nows read that nothing lives; neither raises jobsCreated.'
  }),
  modelRun({
    space: R,
    macros: ['RUN_NOW_BLIND'],
    expected: 'ONE-LIVE',
    states: 153,
    why: 'A run-now raises jobsCreated without comparing it.'
  }),
  modelRun({
    space: E,
    macros: ['VALIDFROM_AT_WRITE'],
    expected: 'NO-SKIP',
    states: 145_974,
    why: "Decided until the instant that was read, valid from the instant of the commit: what lies between is nobody's."
  }),
  modelRun({
    space: E,
    macros: ['EDIT_WITHOUT_DECIDING'],
    expected: 'NO-SKIP',
    states: 75_776,
    why: 'What was due before the edit is forgotten.'
  }),
  modelRun({
    space: P,
    macros: ['EDIT_OF_PAUSED_WITHOUT_RANGE'],
    expected: 'NO-SKIP',
    states: 110_129,
    why: 'Paused, edited, resumed: one range row at the resume cannot cover two definitions.'
  }),
  modelRun({
    space: E,
    macros: ['PAUSE_WITHOUT_DECIDING'],
    expected: 'NO-SKIP',
    states: 119_068,
    why: 'What was due before the pause is forgotten.'
  }),
  modelRun({
    space: P,
    macros: ['RESUME_WITHOUT_RANGE'],
    expected: 'NO-SKIP',
    states: 77_637,
    why: 'What was due in the pause has no row.'
  }),
  modelRun({
    space: N,
    macros: ['NO_TOMBSTONE'],
    expected: 'DEFINITION',
    states: 96_171,
    why: 'Removed and created again while a scheduler held what it had read: all three fields are equal again.'
  }),
  modelRun({
    space: N,
    macros: ['TOMBSTONE_WITHOUT_REVISION'],
    expected: 'SAME-SCHEDULE',
    states: 155_587,
    why: "The tombstone keeps decidedUntil only: an operator's stale edit of the former schedule lands on the new one."
  }),
  modelRun({
    space: D,
    macros: ['NO_RELEASE'],
    expected: 'RELEASE',
    states: 41_970,
    why: 'A late process of the old release declares its definition over the newer one.'
  }),
  modelRun({
    space: S,
    macros: ['START_WITHOUT_PERIOD'],
    expected: 'START-ONCE',
    states: 1_323,
    why: 'A crash loop: each start makes a run as soon as the job of the one before has ended.'
  }),
  modelRun({
    space: S,
    macros: ['START_BLIND'],
    expected: 'START-ONCE',
    states: 778,
    why: 'Two starting processes read that nothing was created; neither compares.'
  }),
  modelRun({
    space: S,
    macros: ['START_WITHOUT_CREATED'],
    expected: 'START-ONCE',
    states: 778,
    why: 'The first start run does not raise jobsCreated, so the second finds all that it has read unchanged.'
  }),
  modelRun({
    space: S,
    macros: ['START_WITHOUT_RETRY'],
    expected: 'STARTED',
    states: 48_008,
    why: 'A scheduler decides a stretch without a fire time between read and write; the start gives up, and nothing has run.'
  })
]
