import type { Report } from '../../core/job/settle.ts'
import { isInstant } from '../../core/trigger/instant.ts'

const MAX_REASON_LENGTH = 500

/**
 * What is reported in the place of a report that the store refuses: a failure of plain words. A retry that was to come
 * comes; work that was done is not done again for the sake of a result that can't be kept.
 */
export function refusedReport({ id, fence, outcome }: Report, cause: Error, now: number): Report {
  const attempt = outcome.kind === 'failed' ? outcome.failure.attempt : 1
  const retryAt = outcome.kind === 'failed' ? outcome.retryAt : undefined
  // Of characters that no encoding lacks.
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
