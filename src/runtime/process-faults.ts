import { errorOf, messageOf } from '../core/job/thrown.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './events/emitter.ts'
import { currentAttempt } from './attempts/current-attempt.ts'
import { failureOf } from './attempts/outcome.ts'

/**
 * Records an exception that nothing caught on the job whose handler had left its source behind, and nothing else: the
 * crash stays a crash (rule 14). Answers a function that ends it.
 */
export function watchProcessFaults(store: Store, events: Emitter, now: () => number): () => void {
  const record = (cause: unknown): void => {
    const attempt = currentAttempt.getStore()
    if (attempt === undefined) return
    const error = errorOf(cause)
    events.emit('job.crashed-process', { jobId: attempt.claimed.id, error })
    // There is no later turn of the loop to write it in, and a store in trouble must not hide the fault itself.
    try {
      store.recordFault?.(attempt.claimed.id, failureOf(attempt.claimed, error, now()))
    } catch (storeError) {
      process.stderr.write(
        `escapement: the fault could not be recorded on the job ${attempt.claimed.id}: ${messageOf(errorOf(storeError))}\n`
      )
    }
  }
  process.on('uncaughtExceptionMonitor', record)
  return () => process.off('uncaughtExceptionMonitor', record)
}
