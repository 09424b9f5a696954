import type { ChangeOptions } from '../core/access/by.ts'
import type { Expected } from '../core/schedule/expected.ts'
import type { UpdateOptions } from '../core/schedule/run-time/update-options.ts'
import type { Job } from '../core/job/job.ts'
import type { EnqueueOptions } from '../operations/enqueue/enqueue-options.ts'
import type { RetryWith } from '../operations/enqueue/retry-with.ts'
import type { JobUpdate } from '../operations/job-update.ts'
import type { PutAnswer } from '../operations/schedule-writer.ts'
import type { EnqueueAnswer } from '../store/jobs.ts'

/** Changes that need the code of a task: its options, its schema, its codec. The app that serves the API makes them. */
export interface ApiWrites {
  /** @throws EscapementError `task-unknown`, `schedule-changed`, `schedule-refused`, and what `schedule()` throws */
  readonly putSchedule: (
    id: string,
    options: object,
    change: ChangeOptions,
    expected: Expected | undefined
  ) => Promise<PutAnswer>
  /** @throws EscapementError `schedule-unknown`, and those of `putSchedule` */
  readonly updateSchedule: (
    id: string,
    options: UpdateOptions,
    change: ChangeOptions,
    expected: Expected | undefined
  ) => Promise<PutAnswer>
  /** @throws EscapementError `task-unknown`, `payload-invalid`, `id-invalid`, `duration-invalid` */
  readonly enqueue: (task: string, payload: unknown, options: EnqueueOptions) => Promise<EnqueueAnswer>
  /** Gives the id of the new job. @throws EscapementError `task-unknown`, and what `retryOrder` throws */
  readonly retryWith: (job: Job, retry: RetryWith) => Promise<string>
  /** @throws EscapementError what `jobs.update` throws */
  readonly updateJob: (id: string, update: JobUpdate, change: ChangeOptions) => Promise<void>
}
