import { sealFailure } from '../core/payload/codec.ts'
import { failureOf } from '../core/job/failure.ts'
import { errorOf, messageOf } from '../core/job/thrown.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './events/emitter.ts'
import { currentAttempt } from './attempts/current-attempt.ts'

/**
 * Records an uncaught exception on the job whose handler left its source behind. Changes nothing else: the crash stays
 * a crash (rule 14). Returns a function that ends the watch.
 */
export function watchProcessFaults(store: Store, events: Emitter, now: () => number): () => void {
  const record = (cause: unknown): void => {
    const attempt = currentAttempt.getStore()
    if (attempt === undefined) return
    const error = errorOf(cause)
    const { claimed, task, sealedBy, plainPayload } = attempt
    events.emit('job.crashed-process', { jobId: claimed.id, error, sealedBy })
    const failure = failureOf(claimed, error, now())
    // No later turn of the loop will come to write it in, and a failing store must not hide the fault itself.
    try {
      store.recordFault?.(
        claimed.id,
        task.codecs === undefined ? failure : sealFailure(task.codecs, failure, plainPayload)
      )
    } catch (storeError) {
      process.stderr.write(
        `escapement: the fault could not be recorded on the job ${claimed.id}: ${messageOf(errorOf(storeError))}\n`
      )
    }
  }
  process.on('uncaughtExceptionMonitor', record)
  return () => process.off('uncaughtExceptionMonitor', record)
}
