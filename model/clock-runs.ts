import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** A process that looks at each tick, and a clock that jumps three times. */
const C: Space = { model: 'clock', name: 'C', flags: '' }
/** One that may sleep, and a clock that jumps once. */
const CS: Space = { model: 'clock', name: 'CS', flags: '-DJUMPS=1 -DGAP=2' }

/** When a clock that jumped is believed. */
const believing: readonly ModelRun[] = [
  modelRun({
    space: C,
    expected: 'holds',
    search: 'depth',
    states: 3_881,
    why: 'A clock that lies again and again, ahead by this or that, and comes back.'
  }),
  modelRun({
    space: CS,
    expected: 'holds',
    search: 'depth',
    states: 1_098,
    why: 'One jump, met by a process that sleeps.'
  }),
  modelRun({
    space: C,
    macros: ['NO_HOLD'],
    expected: 'SHORT',
    states: 30,
    why: 'The first look after a jump believes it.'
  }),
  modelRun({
    space: C,
    macros: ['RETURN_KEEPS_HELD'],
    expected: 'SHORT',
    states: 675,
    why: 'Two short lies: the second is taken for the first, which had come to its end.'
  }),
  modelRun({
    space: C,
    macros: ['ANY_JUMP_COUNTS'],
    expected: 'SHORT',
    states: 489,
    why: 'A clock that goes on jumping is believed at whatever it shows when the hold is over.'
  })
]

/** Lies that are believed, beside two schedulers. */
const L: Space = { model: 'fire', name: 'L', flags: '-DLIES=1 -DOPS=0 -DRUNS=0 -DT=3' }
/** The clocks lie twice. */
const LL: Space = { model: 'fire', name: 'LL', flags: '-DLIES=2 -DOPS=0 -DRUNS=0 -DT=3' }
/** Beside an operator. */
const LO: Space = { model: 'fire', name: 'LO', flags: '-DLIES=1 -DOPS=1 -DOPERATORS=1 -DRUNS=0 -DT=2' }

/** What is put right when one was believed. */
const undeciding: readonly ModelRun[] = [
  modelRun({
    space: L,
    expected: 'holds',
    search: 'depth',
    states: 28_120,
    why: 'Clocks that are wrong for as long as they like, ahead or behind.'
  }),
  modelRun({ space: LL, expected: 'holds', search: 'depth', states: 179_634, why: 'The same, twice.' }),
  modelRun({
    space: LO,
    expected: 'holds',
    search: 'depth',
    states: 188_806,
    why: 'Paused, edited or removed before, while or after the clocks lie.'
  }),
  modelRun({
    space: L,
    macros: ['NO_UNDECIDE'],
    expected: 'ON-TIME',
    states: 7_763,
    why: 'What was decided under a clock that was ahead stays: nothing fires until real time has caught up.'
  }),
  modelRun({
    space: L,
    macros: ['UNDECIDE_FIRED'],
    expected: 'FIRED-ONCE',
    states: 103_215,
    why: 'A fire time that fired under a clock that was ahead is taken back with the others, and fires again.'
  }),
  modelRun({
    space: L,
    macros: ['FORGET_FIRED'],
    expected: 'ONCE',
    states: 85_420,
    why: 'It stays in the ledger, and the schedule does not know: it is decided again when it comes.'
  }),
  modelRun({
    space: L,
    macros: ['UNDECIDE_BLIND'],
    expected: 'ONCE',
    search: 'depth',
    states: 10_350,
    why: 'Between what an undecide reads and writes a fire time fires, which is then not kept in mind.'
  }),
  modelRun({
    space: L,
    macros: ['UNDECIDE_WITHOUT_REVISION'],
    expected: 'GROWS',
    states: 36_221,
    why: 'decidedUntil goes back and all else is as it was: who had read it before then finds nothing changed.'
  }),
  modelRun({
    space: LO,
    macros: ['UNDECIDE_KEEPS_VALIDFROM'],
    expected: 'NO-SKIP',
    search: 'depth',
    states: 117_448,
    why: 'A change under a clock that was ahead holds from then on only: what comes before is nobody’s.'
  })
]

export const clockRuns: readonly ModelRun[] = [...believing, ...undeciding]
