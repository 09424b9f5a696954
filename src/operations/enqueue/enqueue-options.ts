import type { ChangeOptions } from '../../core/access/by.ts'
import type { SqlClient } from '../../store/jobs.ts'
import type { JobOptions } from './new-job.ts'

/** The options of `enqueue`. */
export interface EnqueueOptions extends JobOptions {
  /**
   * The person who enqueues it, for the audit. Not together with `client`.
   * @default none: what code enqueues is not in the audit
   */
  readonly by?: ChangeOptions['by']
  /**
   * A connection of the app. The job becomes part of its open transaction, and disappears with a rollback. Outside a
   * transaction the job is written at once. Works with books in PostgreSQL only. Pass clients of `pg` as they are,
   * others through `escapement/postgres`.
   * @default none: the job is committed by itself
   */
  readonly client?: SqlClient
}

/** The options of `enqueueMany`, for all its jobs. */
export interface EnqueueManyOptions<Input> extends Pick<
  EnqueueOptions,
  'client' | 'runAt' | 'delay' | 'queue' | 'priority'
> {
  /**
   * The options of one job, which take precedence over those for all. Called once or twice for each payload.
   * @default none: the options for all apply to each
   */
  readonly each?: (payload: Input, index: number) => JobOptions
}
