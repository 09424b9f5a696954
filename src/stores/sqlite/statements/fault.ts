import type { Failure } from '../../../core/job/job.ts'
import type { Books } from '../books.ts'
import { withFailure } from './settle.ts'

const tables = ['escapement_job', 'escapement_finished'] as const

/** Adds a failure to a job's errors, in any state of the job. Does nothing for a job that was dropped. */
export function recordFault({ connection }: Books, jobId: string, failure: Failure): void {
  for (const table of tables) {
    const row = connection.prepare<[string | null]>(`SELECT errors FROM ${table} WHERE id = ?`).get(jobId)
    if (row !== undefined)
      connection.prepare(`UPDATE ${table} SET errors = ? WHERE id = ?`).run(withFailure(row[0], failure), jobId)
  }
}
