import { v7 as uuid } from 'uuid'
import { systemClock } from '../../src/clock/system.ts'
import type { NewJob } from '../../src/core/job.ts'
import type { AnyTask } from '../../src/core/task.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { openDriver } from '../../src/stores/sqlite/driver.ts'
import { payloadJson } from './payload.ts'

export interface Filling {
  readonly jobs: number
  readonly task: AnyTask
}

/** Writes jobs of the task into the file, all due. */
export async function fill(file: string, { jobs, task }: Filling): Promise<void> {
  const store = await openSqliteStore({ file, clock: systemClock })
  try {
    for (let left = jobs; left > 0; left -= 1_000)
      await store.enqueue(Array.from({ length: Math.min(left, 1_000) }, () => newJob(task)))
  } finally {
    await store.close()
  }
}

function newJob({ name, queue, priority, maxAttempts, delivery, keepMs }: AnyTask): NewJob {
  return {
    id: uuid(),
    task: name,
    queue,
    priority,
    runAt: 0,
    payload: payloadJson,
    uniqueKey: undefined,
    scheduleId: undefined,
    fireAt: undefined,
    origin: 'enqueue',
    maxAttempts,
    delivery,
    keepMs
  }
}

/** Looks every millisecond, by a connection of its own, until no job is left that is not finished. */
export async function untilDrained(file: string, everyMs = 1): Promise<void> {
  const database = openDriver(file)
  const any = database.prepare('SELECT 1 FROM escapement_job LIMIT 1')
  while (any.get() !== undefined) await systemClock.sleep(everyMs)
  database.close()
}
