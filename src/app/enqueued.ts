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

/** `result` is not enumerable, so that logs and comparisons see only the facts. */
export function enqueued<Result>(answer: EnqueueAnswer, task: AnyTask, results: ResultWaits): Enqueued<Result> {
  const result = async (options?: ResultOptions): Promise<unknown> => {
    if (task.keepMs > 0) return results.wait(answer.id, options, task)
    throw new EscapementError(
      'job-unknown',
      `The result of the job ${answer.id} cannot be waited for: its task "${task.name}" has keepCompleted: 0, so that the job leaves the books as it completes.`
    )
  }
  return Object.defineProperty({ ...answer }, 'result', { value: result }) as Enqueued<Result>
}
