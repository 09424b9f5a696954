import { modelRun } from './run.ts'
import type { ModelRun, Space } from './run.ts'

/** Jobs no longer than the first drain. */
const S: Space = { model: 'solo', name: 'S', flags: '-DLONGEST=2' }
/** Jobs that are longer: the first drain may be in vain, the second is not. */
const L: Space = { model: 'solo', name: 'L', flags: '-DLONGEST=5 -DWAIT=11' }
/** Another process may take the solo job at any time. */
const R: Space = { model: 'solo', name: 'R', flags: '-DLONGEST=5 -DWAIT=11 -DRIVAL' }

export const soloRuns: readonly ModelRun[] = [
  modelRun({
    space: S,
    expected: 'holds',
    search: 'depth',
    states: 30,
    why: 'However busy both claimers are: the patience and the longest job, and it runs.'
  }),
  modelRun({
    space: L,
    expected: 'holds',
    search: 'depth',
    states: 283,
    why: 'A drain in vain, until what outlasted it has ended, and one that is long enough.'
  }),
  modelRun({
    space: R,
    expected: 'holds',
    search: 'depth',
    states: 4_815,
    why: 'Whoever else takes it, whenever: nobody holds back for what is gone.'
  }),
  modelRun({
    space: S,
    macros: ['ANY_CLAIMER_CLEARS'],
    expected: 'IN-TIME',
    states: 1_476,
    why: 'The claimer that has no solo job claims, sees none, and forgets what the other has seen; for ever.'
  }),
  modelRun({
    space: S,
    macros: ['ANY_CLAIMER_CLAIMS'],
    expected: 'IN-TIME',
    states: 544,
    why: 'The drain succeeds, and the claimer that has no solo job is the first to claim: the process is busy again.'
  }),
  modelRun({
    space: L,
    macros: ['ONE_LENGTH'],
    expected: 'IN-TIME',
    states: 7_411,
    why: 'Jobs that are longer than a drain, begun before each of them.'
  }),
  modelRun({
    space: R,
    macros: ['BLIND_DRAIN'],
    expected: 'FREE',
    states: 36_865,
    why: 'Another process took it, and the drain goes on with free slots.'
  }),
  modelRun({
    space: R,
    macros: ['LOOK_WITH_A_SLOT'],
    expected: 'FREE',
    states: 42_145,
    why: 'The same, where the claimer that could see it has no slot free.'
  }),
  modelRun({
    space: S,
    macros: ['CLAIM_BESIDE'],
    expected: 'ALONE',
    states: 30,
    why: 'The other claimer goes on while the solo job runs.'
  })
]
