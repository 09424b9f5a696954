import { aBy, type ChangeOptions } from '../../core/access/by.ts'
import type { Job } from '../../core/job/job.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { trueOrFalse } from '../../core/options/forms.ts'
import { checkOptions, door } from '../../core/options/options.ts'
import { changeOf, type JobUpdate, takeUpdate } from '../../operations/job-update.ts'
import {
  cancelling,
  type Deed,
  deleting,
  doToMany,
  type ManyAnswer,
  type ManyOptions,
  orderOfMany,
  retrying
} from '../../operations/many-jobs.ts'
import type { RetryOptions } from '../../operations/operator.ts'
import type { ResultOptions, ResultWaits } from '../../operations/results.ts'
import type { CancelAnswer } from '../../store/jobs.ts'
import { checkJobFilter, checkPage } from '../../store/reading-doors.ts'
import type { JobFilter, Page, PageRequest } from '../../store/reading.ts'
import { type JobView, viewJob } from '../../views/job.ts'
import { changeDoor } from '../doors.ts'
import type { Caller } from './caller.ts'

/**
 * `escapement.jobs`.
 *
 * @example
 * ```ts
 * const { items, cursor } = await app.jobs.list({ state: 'discarded', task: 'mail' }, { limit: 50 })
 * for (const { id } of items) await app.jobs.retry(id)
 * ```
 */
export class JobCalls {
  readonly #caller: Caller
  readonly #results: ResultWaits
  readonly #taskOf: (name: string) => AnyTask

  constructor(caller: Caller, results: ResultWaits, taskOf: (name: string) => AnyTask) {
    this.#caller = caller
    this.#results = results
    this.#taskOf = taskOf
  }

  /**
   * Waits for a job of any process, and resolves with its result. A job that was cancelled or has failed for good
   * rejects. The job continues if the wait ends earlier.
   *
   * @throws EscapementError `job-failed` with the last failure as its `cause`, `job-cancelled`, `job-unknown`,
   * `timeout`, `stopped`, `options-invalid`; the reason of the `signal`
   */
  result<Result = unknown>(id: string, options?: ResultOptions): Promise<Result> {
    return this.#results.wait(id, options) as Promise<Result>
  }

  /**
   * Undefined if there is no such job; finished jobs are kept for a while only. What a codec has sealed is decoded if
   * the task is one of this process.
   */
  async get(id: string): Promise<JobView | undefined> {
    const job = await this.#caller.use(({ store }) => store.readJob(id))
    return job === undefined ? undefined : this.#view(job)
  }

  /** As `get` shows them, newest first; `limit` 1 to 1,000, default 100. @throws EscapementError `options-invalid` */
  async list(filter: JobFilter = {}, page: Partial<PageRequest> = {}): Promise<Page<JobView>> {
    checkJobFilter(filter)
    checkPage(page)
    const asked = { filter: { ...filter }, page: { limit: page.limit ?? 100, cursor: page.cursor } }
    const { items, cursor } = await this.#caller.use(({ store }) => store.listJobs(asked.filter, asked.page))
    return { items: items.map(job => this.#view(job)), cursor }
  }

  #view(job: Job): JobView {
    const task = this.#caller.tasks.find(({ name }) => name === job.task)
    return viewJob(job, task && { codecs: task.codecs })
  }

  /** Cancels a job. If it is running, its signal is aborted, at the latest at its node's next renewal. */
  async cancel(id: string, options: ChangeOptions = {}): Promise<CancelAnswer> {
    checkOptions('jobs.cancel()', options, changeDoor)
    const asked = { ...options }
    return this.#caller.operate(operator => operator.cancel(id, asked))
  }

  /**
   * Runs a finished job again. An at-most-once job needs `again: true`.
   *
   * @throws EscapementError `job-unknown`, `job-not-finished`, `job-at-most-once`, `payload-redacted`,
   * `schedule-overlapping`, `options-invalid`
   */
  async retry(id: string, options: RetryOptions = {}): Promise<void> {
    checkOptions('jobs.retry()', options, retryDoor)
    const asked = { ...options }
    return this.#caller.operate(operator => operator.retry(id, asked))
  }

  /**
   * Changes a job that waits. The payload is checked as `enqueue` does, and can be changed only before the job has ever
   * begun.
   *
   * @throws EscapementError `job-unknown`, `job-not-waiting`, `options-invalid`, `duration-invalid`, `payload-invalid`,
   * `task-invalid`; `task-unknown` for a payload whose task this process does not know
   */
  async update(id: string, update: JobUpdate, options: ChangeOptions = {}): Promise<void> {
    const taken = takeUpdate(update)
    checkOptions('jobs.update()', options, changeDoor)
    const asked = { ...options }
    const taskOf = this.#taskOf
    return this.#caller.operateOn(async ({ store, clock, operator }) =>
      operator.change(id, await changeOf(id, taken, { store, clock, taskOf }), asked)
    )
  }

  /** Deletes a finished job, with its steps. Cancel one that waits first. @throws EscapementError `job-unknown`, `job-not-finished` */
  async delete(id: string, options: ChangeOptions = {}): Promise<void> {
    checkOptions('jobs.delete()', options, changeDoor)
    const asked = { ...options }
    return this.#caller.operate(operator => operator.delete(id, asked))
  }

  /**
   * Cancels the jobs of a filter that have not finished. `done` counts also those that run and were asked to end.
   *
   * @throws EscapementError `options-invalid`, `id-invalid` for the cursor
   */
  cancelMany(filter: JobFilter, options?: ManyOptions): Promise<ManyAnswer> {
    return this.#many(cancelling, filter, options)
  }

  /**
   * Runs the finished jobs of a filter again; it needs a state. Left out are at-most-once jobs, and those whose schedule
   * or unique key allows no other job now.
   *
   * @throws EscapementError `options-invalid`, `id-invalid` for the cursor
   */
  retryMany(filter: JobFilter, options?: ManyOptions): Promise<ManyAnswer> {
    return this.#many(retrying, filter, options)
  }

  /** Deletes the finished jobs of a filter; it needs a state. @throws EscapementError `options-invalid`, `id-invalid` */
  deleteMany(filter: JobFilter, options?: ManyOptions): Promise<ManyAnswer> {
    return this.#many(deleting, filter, options)
  }

  /** The filter is read within the call. This process is woken afterwards, as by any change. */
  async #many(deed: Deed, filter: JobFilter, options: ManyOptions | undefined): Promise<ManyAnswer> {
    const order = orderOfMany(deed, filter, options)
    return this.#caller.operateOn(books => doToMany(books, deed, order))
  }
}

const retryDoor = door<RetryOptions>('options-invalid', { again: trueOrFalse, by: aBy })
