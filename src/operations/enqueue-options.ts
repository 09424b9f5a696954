import type { SqlClient } from '../store/jobs.ts'
import type { JobOptions } from './new-job.ts'

export interface EnqueueOptions extends JobOptions {
  /**
   * A connection of the app's, whose transaction the job becomes a part of: rolled back, it was never there. Books in
   * PostgreSQL only; `pg`'s clients as they are, others through `escapement/postgres`. Outside a transaction it is
   * written at once.
   */
  readonly client?: SqlClient
}

export interface EnqueueManyOptions<Input> extends Pick<
  EnqueueOptions,
  'client' | 'runAt' | 'delay' | 'queue' | 'priority'
> {
  /** What is said of one job alone; it goes before what is said of all. Called once or twice for each payload. */
  readonly each?: (payload: Input, index: number) => JobOptions
}
