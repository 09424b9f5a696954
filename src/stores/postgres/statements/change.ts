import type { NewAuditEntry } from '../../../core/access/audit.ts'
import type { ChangeAnswer, DeleteAnswer, JobChange } from '../../../store/jobs.ts'
import { isJobId } from '../../../core/job/job-id.ts'
import type { Books, Statement } from '../sql.ts'
import { auditCells, auditPart } from './audit.ts'
import { laneNumbers } from './lanes.ts'

const LANE: Statement = {
  text: `
SELECT lane.id, task, queue, priority FROM {books}.unfinished_of(ARRAY[$1::uuid]) AS job JOIN {books}.lane ON lane.id = job.lane`
}
const CHANGE: Statement = {
  text: `
WITH done AS MATERIALIZED (SELECT {books}.change_job($1, $2, $3, $4, $5, $6) AS answer),${auditPart({
    entries: '$7',
    at: '$6',
    where: "JOIN done ON done.answer = 'changed'"
  })}
SELECT answer FROM done`
}

type LaneRow = readonly [id: number, task: string, queue: string, priority: number]

export async function changeJob(
  books: Books,
  id: string,
  { change, audit }: { readonly change: JobChange; readonly audit?: NewAuditEntry | undefined }
): Promise<ChangeAnswer> {
  if (!isJobId(id)) return 'unknown'
  const { runAt = null, payload = null } = change
  for (;;) {
    const [row] = await books.database.query<LaneRow>(LANE, [id])
    const lane = row?.[0] ?? 0
    const next = row === undefined ? lane : await laneAt(books, row, change.priority)
    const values = [id, lane, next, runAt, payload, books.now(), auditCells([audit])]
    const [answer] = await books.database.query<[ChangeAnswer | '']>(CHANGE, values)
    // It may stand before what other claims of this process look at.
    if (answer![0] === 'changed') books.floors.lower({ place: 2 * next, run_at: runAt ?? 0, id })
    // Somebody else has moved it to another lane meanwhile.
    if (answer![0] !== '') return answer![0]
  }
}

async function laneAt(books: Books, [id, task, queue, before]: LaneRow, priority = before): Promise<number> {
  return priority === before ? id : (await laneNumbers(books, [{ task, queue, priority }]))[0]!
}

const DELETE: Statement = {
  text: `
WITH gone AS (
  DELETE FROM {books}.finished WHERE ctid = ANY (ARRAY(SELECT ctid FROM {books}.finished WHERE id = ANY ($1) ORDER BY id FOR UPDATE))
  RETURNING id, steps),
steps AS (DELETE FROM {books}.step WHERE job_id IN (SELECT id FROM gone WHERE steps > 0)),${auditPart({
    entries: '$2',
    at: '$3',
    where: 'WHERE entry.target_id IN (SELECT id::text FROM gone)'
  })}
SELECT id FROM gone`
}
const UNFINISHED: Statement = { text: 'SELECT id FROM {books}.unfinished_of($1)' }

/** Treats a repeated id as if the calls came one after the other. */
export async function deleteJobs(
  { database, now }: Books,
  ids: readonly string[],
  audit?: readonly NewAuditEntry[]
): Promise<DeleteAnswer[]> {
  const wanted = [...new Set(ids)].filter(isJobId)
  if (wanted.length === 0) return ids.map(() => 'unknown')
  const rowsGone = await database.query<[string]>(DELETE, [wanted, auditCells(audit), now()])
  const deleted = new Set(rowsGone.map(([id]) => id))
  const others = wanted.filter(id => !deleted.has(id))
  const rows = others.length === 0 ? [] : await database.query<[string]>(UNFINISHED, [others])
  const unfinished = new Set(rows.map(([id]) => id))
  return ids.map(id => {
    if (deleted.delete(id)) return 'deleted'
    return unfinished.has(id) ? 'not-finished' : 'unknown'
  })
}
