import { systemClock } from '../../src/clock/system.ts'
import type { AnyTask } from '../../src/core/job/task.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { newJobs } from '../node/tasks.ts'

export interface Filling {
  readonly jobs: number
  readonly task: AnyTask
}

/** Writes jobs of the task into the file, all due. */
export async function fill(file: string, { jobs, task }: Filling): Promise<void> {
  const store = await openSqliteStore({ file, clock: systemClock })
  try {
    for (let left = jobs; left > 0; left -= 1_000) await store.enqueue(newJobs(task, Math.min(left, 1_000)))
  } finally {
    await store.close()
  }
}

/** Looks every millisecond, by a connection of its own, until no job is left that is not finished. */
export async function untilDrained(file: string, everyMs = 1): Promise<void> {
  const database = openDriver(file)
  const any = database.prepare('SELECT 1 FROM escapement_job LIMIT 1')
  while (any.get() !== undefined) await systemClock.sleep(everyMs)
  database.close()
}
