import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** A roll without releases, in which the old process restarts. */
const U: Space = { model: 'owners', name: 'U', flags: '-DOLD=2 -DNEW=2' }
/** The same, rolled back: the newer process ends for good. */
const UB: Space = { model: 'owners', name: 'UB', flags: '-DOLD=2 -DNEW=2 -DLEAVES=2' }
/** A roll with releases. */
const V: Space = { model: 'owners', name: 'V', flags: '-DRELEASES -DOLD=2 -DNEW=2' }
/** With releases, the newer one names it no more; the old process ends and restarts, and a keeper looks. */
const O: Space = { model: 'owners', name: 'O', flags: '-DRELEASES -DSAID=0 -DOLD=2 -DNEW=1 -DLOOKS=4' }
/** The same without releases, the old process gone for good at the end. */
const OU: Space = { model: 'owners', name: 'OU', flags: '-DSAID=0 -DOLD=2 -DNEW=1 -DLEAVES=1 -DLOOKS=4' }
/** A person pauses what is an orphan, or becomes one. */
const OP: Space = { model: 'owners', name: 'OP', flags: '-DRELEASES -DSAID=0 -DOLD=2 -DNEW=1 -DLOOKS=3 -DPERSONS=1' }

/** Calls have put the schedule that both deployments name; a person may remove it. */
const C: Space = { model: 'owners', name: 'C', flags: '-DOLD=2 -DNEW=1 -DFIRST=CALL -DCALLS=2 -DREMOVALS=1' }
/** The other way round: code has it, and calls put it. */
const D: Space = { model: 'owners', name: 'D', flags: '-DOLD=2 -DNEW=1 -DCALLS=2 -DREMOVALS=1' }
/** Calls have put it, and the newer deployment names nothing. */
const CO: Space = { model: 'owners', name: 'CO', flags: '-DSAID=0 -DOLD=1 -DNEW=1 -DLOOKS=2 -DFIRST=CALL -DCALLS=1' }

export const ownersRuns: readonly ModelRun[] = [
  modelRun({
    space: U,
    expected: 'holds',
    search: 'depth',
    states: 15_032,
    why: 'Without releases the newer deployment stays, however often the old process restarts.'
  }),
  modelRun({
    space: UB,
    expected: 'holds',
    search: 'depth',
    states: 17_486,
    why: 'Rolled back: the old one is written as soon as no newer one lives.'
  }),
  modelRun({ space: V, expected: 'holds', search: 'depth', states: 8_084, why: 'A roll with releases.' }),
  modelRun({
    space: O,
    expected: 'holds',
    search: 'depth',
    states: 52_291,
    why: 'What the newer release drops is put aside, and goes on while the old one lives.'
  }),
  modelRun({
    space: OU,
    expected: 'holds',
    search: 'depth',
    states: 66_458,
    why: 'The same without releases, until the old one has gone.'
  }),
  modelRun({ space: OP, expected: 'holds', search: 'depth', states: 107_633, why: 'A person pauses it meanwhile.' }),
  modelRun({
    space: U,
    macros: ['NO_LIVE_CHECK'],
    expected: 'HELD',
    states: 936,
    why: 'The old process restarts beside the newer one, and writes its older definition back.'
  }),
  modelRun({
    space: U,
    macros: ['NO_LOOK'],
    expected: 'SETTLED',
    states: 28_262,
    why: 'The old process reads, the newer one finds all as it says, the old one writes: nobody looks again.'
  }),
  modelRun({
    space: U,
    macros: ['NO_BEGIN'],
    expected: 'SETTLED',
    states: 34_126,
    why: 'The same, and the old one dies before it has registered: nothing says that it wrote.'
  }),
  modelRun({
    space: U,
    macros: ['NO_SECOND_LOOK'],
    expected: 'SETTLED',
    states: 32_242,
    why: 'The old one writes and registers between the read and the registration of the newer one, which covers it up.'
  }),
  modelRun({
    space: U,
    macros: ['LOOK_AT_SETS'],
    expected: 'SETTLED',
    states: 37_331,
    why: 'The old process writes, dies, and another one of its deployment has come when the newer one looks: as if nothing had been.'
  }),
  modelRun({
    space: V,
    macros: ['NO_RELEASE_ORDER'],
    expected: 'OLDER',
    states: 1_415,
    why: 'The process of the newer release ends for a moment, and the old one writes.'
  }),
  modelRun({
    space: U,
    macros: ['NO_OWNER'],
    expected: 'OWNER',
    states: 7,
    why: 'Another app names the same id, and takes it.'
  }),
  modelRun({
    space: O,
    macros: ['MARK_BY_ANY'],
    expected: 'MARK',
    states: 7_836,
    why: 'The old process restarts, names what the newer release has dropped, and takes its mark away.'
  }),
  modelRun({
    space: O,
    macros: ['ACT_AT_ONCE'],
    expected: 'EARLY',
    states: 1_591,
    why: 'The old process is between two starts as the keeper looks.'
  }),
  modelRun({
    space: O,
    macros: ['ACT_ON_THE_MARK'],
    expected: 'EARLY',
    states: 1_591,
    why: 'The old process lives and names it.'
  }),
  modelRun({
    space: O,
    macros: ['NO_BRINGING_BACK'],
    expected: 'ENDED',
    states: 169_487,
    why: 'The old process comes and reads an active schedule; then the keeper puts it aside, as it had seen before.'
  }),
  modelRun({
    space: O,
    macros: ['NO_BRINGING_BACK', 'END_IN_FORCE_ONLY'],
    expected: 'ENDED',
    states: 117_005,
    why: 'The old process names what was put aside, and its lower release may not end that.'
  }),
  modelRun({
    space: OP,
    macros: ['ONE_PAUSE'],
    expected: 'KEPT',
    states: 12_325,
    why: 'A process that names a paused orphan ends the pause that a person has set.'
  }),
  modelRun({
    space: C,
    expected: 'holds',
    search: 'depth',
    states: 100_599,
    why: 'What calls made stays theirs until it is removed.'
  }),
  modelRun({ space: D, expected: 'holds', search: 'depth', states: 74_906, why: 'So does what code declares.' }),
  modelRun({ space: CO, expected: 'holds', search: 'depth', states: 13_049, why: 'What calls made is no orphan.' }),
  modelRun({
    space: C,
    macros: ['CODE_OVER_CALLS'],
    expected: 'OWNER',
    states: 295,
    why: 'A deployment names the id of a schedule that calls made, and takes it.'
  }),
  modelRun({
    space: D,
    macros: ['CALLS_OVER_CODE'],
    expected: 'OWNER',
    states: 16,
    why: 'A call puts a schedule over the one that code declares.'
  }),
  modelRun({
    space: D,
    macros: ['CALLS_UNGUARDED'],
    expected: 'OWNER',
    states: 2_569,
    why: 'A call reads a removed schedule; code takes it; the call writes.'
  }),
  modelRun({
    space: CO,
    macros: ['MARK_CALLS'],
    expected: 'MARK',
    states: 88_274,
    why: 'The newer deployment, which names no schedule, marks what calls made as an orphan.'
  })
]
