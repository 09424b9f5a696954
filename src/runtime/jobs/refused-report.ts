import type { Report } from '../../core/job/settle.ts'
import { isInstant } from '../../core/trigger/instant.ts'

const MAX_REASON_LENGTH = 500

/**
 * Replaces a report that the store refuses by a failure in plain words. A planned retry stays. Finished work is not
 * repeated only because its result can't be stored.
 */
export function refusedReport({ id, fence, outcome }: Report, cause: Error, now: number): Report {
  const attempt = outcome.kind === 'failed' ? outcome.failure.attempt : 1
  const retryAt = outcome.kind === 'failed' ? outcome.retryAt : undefined
  // Only characters that every encoding has.
  const reason = cause.message.slice(0, MAX_REASON_LENGTH).replaceAll(/[^\u0020-\u007E]/g, '?')
  const message = `The store refused to write how this attempt ended (${outcome.kind}): ${reason}`
  return {
    id,
    fence,
    outcome: {
      kind: 'failed',
      failure: { attempt: Number.isSafeInteger(attempt) ? attempt : 1, at: now, message, code: 'report-refused' },
      retryAt: retryAt !== undefined && isInstant(retryAt) ? retryAt : undefined
    }
  }
}
