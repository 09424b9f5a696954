import { AttemptAborted, type AbortCause } from '../../core/job/handler.ts'
import type { ClaimedJob } from '../../core/job/job.ts'

const explanations: Readonly<Record<AbortCause, string>> = {
  timeout: 'the attempt exceeded its time limit',
  cancelled: 'the job was cancelled',
  'lease-lost': 'this process could not renew its lease in time',
  stopping: 'this process is stopping'
}

export function abortReason(cause: AbortCause, { id, task }: ClaimedJob): AttemptAborted {
  return new AttemptAborted(cause, `The job ${id} of the task "${task}" was aborted: ${explanations[cause]}.`)
}

export function abortedBefore(cause: AbortCause | undefined, job: ClaimedJob): AbortController {
  const controller = new AbortController()
  if (cause !== undefined) controller.abort(abortReason(cause, job))
  return controller
}
