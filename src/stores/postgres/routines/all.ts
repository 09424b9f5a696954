import { claiming } from './claim.ts'
import { dueSchedulesRoutine } from './due-schedules.ts'
import { enqueueFunction } from './enqueue.ts'
import { insertJobs } from './insert-jobs.ts'
import { nowMs } from './now.ts'
import { operating } from './operate.ts'
import { packing } from './pack.ts'
import { type Routine, routineOf } from './routine.ts'
import { settling } from './settle.ts'
import { sparingRoutines } from './sparing.ts'
import { writeSchedulesRoutine } from './write-schedules.ts'

/** Ordered so that each routine comes after those that it uses. */
export const routines: readonly Routine[] = [
  nowMs,
  ...packing,
  insertJobs,
  ...enqueueFunction,
  ...claiming,
  ...settling,
  ...operating,
  writeSchedulesRoutine,
  dueSchedulesRoutine,
  ...sparingRoutines
].map(routineOf)
