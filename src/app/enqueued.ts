import { EscapementError } from '../core/errors.ts'
import type { AnyTask } from '../core/job/task.ts'
import type { ResultOptions, ResultWaits } from '../operations/results.ts'
import type { EnqueueAnswer } from '../store/jobs.ts'

/** What `enqueue` resolves with. */
export type Enqueued<Result = unknown> = EnqueueAnswer & {
  /**
   * Waits for the job, and resolves with its result. A `duplicate` waits for the job that holds the key.
   *
   * @throws EscapementError as `jobs.result` does; `job-unknown` at once for a task with `keepCompleted: 0`, whose
   * results are not kept
   */
  readonly result: (options?: ResultOptions) => Promise<Result>
}

/** `result` is of the prototype, so that logs and comparisons see only the facts. It works without its object too. */
class EnqueuedJob {
  readonly outcome: EnqueueAnswer['outcome']
  readonly id: string
  readonly #task: AnyTask
  readonly #results: ResultWaits

  constructor({ outcome, id }: EnqueueAnswer, task: AnyTask, results: ResultWaits) {
    this.outcome = outcome
    this.id = id
    this.#task = task
    this.#results = results
  }

  get result(): (options?: ResultOptions) => Promise<unknown> {
    return async options => {
      if (this.#task.keepMs > 0) return this.#results.wait(this.id, options, this.#task)
      throw new EscapementError(
        'job-unknown',
        `The result of the job ${this.id} cannot be waited for: its task "${this.#task.name}" has keepCompleted: 0, so that the job leaves the books as it completes.`
      )
    }
  }
}

export const enqueued = <Result>(answer: EnqueueAnswer, task: AnyTask, results: ResultWaits): Enqueued<Result> =>
  new EnqueuedJob(answer, task, results) as Enqueued<Result>
