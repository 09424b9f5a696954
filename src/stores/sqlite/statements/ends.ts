import { endOf, type JobEnd } from '../../../store/reading.ts'
import type { Failure } from '../../../core/job/job.ts'
import { stateOf } from '../../sql/codes.ts'
import type { Books } from '../books.ts'

const FINISHED = 'SELECT task, state, result, errors FROM escapement_finished WHERE id = ?'
const UNFINISHED = 'SELECT task FROM escapement_job WHERE id = ?'

export function readEnds({ connection, names }: Books, ids: readonly string[]): JobEnd[] {
  const finished = connection.prepare<[number, number, string | null, string | null]>(FINISHED)
  const unfinished = connection.prepare<[number]>(UNFINISHED)
  return [...new Set(ids)].flatMap(id => {
    const row = finished.get(id)
    if (row !== undefined) {
      const [task, state, result, errors] = row
      const failures = errors === null ? [] : (JSON.parse(errors) as Failure[])
      return endOf({
        id,
        task: names.textOf(task),
        state: stateOf(state),
        result: result ?? undefined,
        errors: failures
      })
    }
    const [task] = unfinished.get(id) ?? []
    return task === undefined
      ? []
      : endOf({ id, task: names.textOf(task), state: 'running', result: undefined, errors: [] })
  })
}
