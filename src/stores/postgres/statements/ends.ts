import { endOf, type JobEnd } from '../../../store/reading.ts'
import type { Failure } from '../../../core/job/job.ts'
import { stateCodes, stateOf } from '../../sql/codes.ts'
import { isJobId } from '../../../core/job/job-id.ts'
import type { Books, Statement } from '../sql.ts'

const ENDS: Statement = {
  text: `
SELECT job.id, lane.task, job.state, job.result, CASE job.state WHEN ${stateCodes.discarded} THEN job.errors END
FROM {books}.finished AS job JOIN {books}.lane ON lane.id = job.lane WHERE job.id = ANY ($1)
UNION ALL SELECT job.id, lane.task, ${stateCodes.running}, NULL, NULL
FROM {books}.unfinished_of($1) AS job JOIN {books}.lane ON lane.id = job.lane`
}

type Row = readonly [id: string, task: string, state: number, result: string | null, errors: string | null]

export async function readEnds({ database }: Books, ids: readonly string[]): Promise<JobEnd[]> {
  const wanted = ids.filter(isJobId)
  if (wanted.length === 0) return []
  const rows = await database.query<Row>(ENDS, [wanted])
  return rows.map(([id, task, state, result, errors]) =>
    endOf({
      id,
      task,
      state: stateOf(state),
      result: result ?? undefined,
      errors: errors === null ? [] : (JSON.parse(errors) as Failure[])
    })
  )
}
