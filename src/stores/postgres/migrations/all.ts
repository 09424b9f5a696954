import type { Migration } from '../../sql/migration.ts'
import { books } from './001_books.ts'
import { claiming } from './001_claim.ts'
import { enqueueFunction } from './001_enqueue.ts'
import { insertJobs } from './001_insert_jobs.ts'
import { operating } from './001_operate.ts'
import { packing } from './001_pack.ts'
import { settling } from './001_settle.ts'
import { sparing } from './001_sparing.ts'
import { dueSchedules } from './001_due_schedules.ts'
import { writeSchedules } from './001_write_schedules.ts'

export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'books',
    minCompatible: 1,
    sql:
      books +
      packing +
      insertJobs +
      enqueueFunction +
      claiming +
      settling +
      operating +
      writeSchedules +
      dueSchedules +
      sparing
  }
]
