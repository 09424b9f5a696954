import { isFinished, type Job } from '../../core/job/job.ts'
import { isSealed } from '../../core/payload/sealed.ts'
import { redact } from '../../core/payload/redact.ts'
import type { BooksKind, BooksRecords } from '../../store/moving.ts'
import type { Redactions } from '../../views/redactions.ts'

/**
 * What an export leaves out. A finished job is only looked at, so that what people are not shown is left out of it. One
 * that is not finished has to run elsewhere, and a schedule to fire: they are whole.
 */
export class RedactedExport {
  readonly #redactions: Redactions
  /** The paths of finished jobs whose steps may follow. */
  readonly #finished = new Map<string, readonly string[]>()

  constructor(redactions: Redactions) {
    this.#redactions = redactions
  }

  recordOf<Kind extends BooksKind>(kind: Kind, record: BooksRecords[Kind]): BooksRecords[Kind]
  recordOf(kind: BooksKind, record: BooksRecords[BooksKind]): object {
    if (kind === 'job') return this.#job(record as Job)
    return kind === 'step' ? this.#step(record as BooksRecords['step']) : record
  }

  #job(job: Job): Job {
    const paths = this.#redactions.get(job.task)
    if (paths === undefined || !isFinished(job.state)) return job
    this.#finished.set(job.id, paths)
    const { payload, progress, result } = job
    return {
      ...job,
      payload: redactedText(payload, paths),
      progress: progress && redactedText(progress, paths),
      result: result && redactedText(result, paths)
    }
  }

  #step(step: BooksRecords['step']): BooksRecords['step'] {
    const paths = this.#finished.get(step.jobId)
    return paths === undefined ? step : { ...step, result: redactedText(step.result, paths) }
  }
}

function redactedText(text: string, paths: readonly string[]): string {
  const value: unknown = JSON.parse(text)
  return isSealed(value) ? text : JSON.stringify(redact(value, paths))
}
