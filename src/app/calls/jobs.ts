import type { Job } from '../../core/job/job.ts'
import type { ResultOptions, ResultWaits } from '../../operations/results.ts'
import type { CancelAnswer } from '../../store/jobs.ts'
import { checkJobFilter, checkPage } from '../../store/reading-doors.ts'
import type { JobFilter, Page, PageRequest } from '../../store/reading.ts'
import { type JobView, viewJob } from '../../views/job.ts'
import type { Caller } from './caller.ts'

/** `escapement.jobs`. */
export class JobCalls {
  readonly #caller: Caller
  readonly #results: ResultWaits

  constructor(caller: Caller, results: ResultWaits) {
    this.#caller = caller
    this.#results = results
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

  /** What a codec has sealed is decoded if the task is one of this process. */
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
  cancel(id: string): Promise<CancelAnswer> {
    return this.#caller.operate(operator => operator.cancel(id))
  }

  /**
   * Runs a finished job again.
   *
   * @throws EscapementError `job-unknown`, `job-not-finished`, `payload-redacted`, `schedule-overlapping`
   */
  retry(id: string): Promise<void> {
    return this.#caller.operate(operator => operator.retry(id))
  }
}
