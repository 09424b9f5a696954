import type { NewJob } from '../../../core/job/job.ts'
import { deliveryCodes, originCode, stateCodes } from '../../sql/codes.ts'
import { isHeldByOthers, isUniqueViolation } from '../errors.ts'
import type { Books, Statement, Transaction } from '../sql.ts'
import { laneNumbers } from './lanes.ts'

/** From this many jobs on, copying pays: twice as fast as `insert_jobs`, for four more round trips. */
const LEAST = 2_000
const LINES_OF_A_CHUNK = 500

const NOW: Statement = {
  text: `SELECT coalesce($1::bigint, {books}.now_ms()), set_config('lock_timeout', coalesce($2, current_setting('lock_timeout')), true)`
}
/** How long a sparing copy waits for a row that others hold. */
const PATIENCE = '50ms'
const COPY: Statement = {
  text: `
COPY {books}.job (id, run_at, created_at, keep_ms, fire_at, place, lane, max_attempts, state, origin, delivery, schedule_id, payload) FROM STDIN`
}
const PACKED_FROM: Statement = { text: 'SELECT FROM {books}.pack WHERE greatest_id >= $1 LIMIT 1' }
const PACKED: Statement = {
  text: `
SELECT FROM {books}.pack CROSS JOIN LATERAL unnest(ids) WITH ORDINALITY AS held (id, position) JOIN unnest($1::uuid[]) AS new (id) USING (id)
WHERE get_bit(gone, position::integer - 1) = 0 LIMIT 1`
}
const ANY_BETWEEN: Statement = { text: 'SELECT FROM {books}.finished WHERE id BETWEEN $1 AND $2 LIMIT 1' }
const ANY_OF: Statement = { text: 'SELECT FROM {books}.finished WHERE id = ANY ($1) LIMIT 1' }

/** COPY can't skip existing rows, so it does not suit jobs with a unique key. */
export const canBeCopied = (jobs: readonly NewJob[]): boolean =>
  jobs.length >= LEAST && jobs.every(job => job.uniqueKey === undefined)

/** Returns false, and writes nothing, when an id may exist already or, if sparing, others are writing it. */
export async function copyJobs(books: Books, jobs: readonly NewJob[], how?: 'sparing'): Promise<boolean> {
  const lanes = await laneNumbers(books, jobs)
  try {
    await books.database.transaction(async tx => {
      const [now] = await tx.query<[number, string]>(NOW, [books.now(), how && PATIENCE])
      await tx.copy(COPY, chunksOf(jobs, { lanes, now: now![0] }))
      if (await isThere(tx, jobs)) throw new ThereAlready()
    })
    return true
  } catch (error) {
    if (error instanceof ThereAlready || isUniqueViolation(error)) return false
    if (how === 'sparing' && isHeldByOthers(error)) return false
    throw error
  }
}

/** Thrown to roll back the copy. */
class ThereAlready extends Error {}

/** Checked after the copy, as `insert_jobs` does. Ids sort by time, so new ones seldom need to be compared. */
async function isThere(tx: Transaction, jobs: readonly NewJob[]): Promise<boolean> {
  const range = rangeOf(jobs)
  const ids = jobs.map(({ id }) => id)
  const isPacked = async () => (await isAny(tx, PACKED_FROM, [range[0]])) && (await isAny(tx, PACKED, [ids]))
  const isFinished = async () => (await isAny(tx, ANY_BETWEEN, range)) && (await isAny(tx, ANY_OF, [ids]))
  return (await isPacked()) || (await isFinished())
}

const isAny = async (tx: Transaction, statement: Statement, values: readonly unknown[]): Promise<boolean> =>
  (await tx.query(statement, values)).length > 0

function rangeOf(jobs: readonly NewJob[]): [least: string, greatest: string] {
  let least = jobs[0]!.id
  let greatest = least
  for (const { id } of jobs) {
    if (id < least) least = id
    if (id > greatest) greatest = id
  }
  return [least, greatest]
}

interface Creation {
  readonly lanes: readonly number[]
  readonly now: number
}

function* chunksOf(jobs: readonly NewJob[], creation: Creation): Generator<string> {
  for (let from = 0; from < jobs.length; from += LINES_OF_A_CHUNK) {
    let chunk = ''
    const end = Math.min(from + LINES_OF_A_CHUNK, jobs.length)
    for (let index = from; index < end; index++) chunk += lineOf(jobs[index]!, creation.lanes[index]!, creation.now)
    yield chunk
  }
}

/** Columns in the order of COPY, with the values that `insert_jobs` writes. */
function lineOf(job: NewJob, lane: number, now: number): string {
  const state = job.runAt > now ? stateCodes.scheduled : stateCodes.available
  const runAt = Math.max(job.runAt, now)
  const fireAt = job.fireAt ?? '\\N'
  const scheduleId = job.scheduleId === undefined ? '\\N' : escaped(job.scheduleId)
  return `${job.id}\t${runAt}\t${now}\t${job.keepMs}\t${fireAt}\t${2 * lane}\t${lane}\t${job.maxAttempts}\t${state}\t${originCode(job)}\t${deliveryCodes[job.delivery]}\t${scheduleId}\t${escaped(job.payload)}\n`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const escaped = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, letter => escapes[letter]!) : text
