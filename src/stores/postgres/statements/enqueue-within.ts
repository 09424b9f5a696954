import { EscapementError } from '../../../core/errors.ts'
import type { NewJob } from '../../../core/job/job.ts'
import type { EnqueueAnswer, SqlClient } from '../../../store/jobs.ts'
import { clientSql } from '../clients/client-sql.ts'
import type { Books, Statement } from '../sql.ts'
import { enqueueBy } from './enqueue.ts'

// In other books the same number may stand for another task: jobs are written only to the books that the lanes are
// from. pg_notify returns void, which not every driver can read, so it is cast to a text. The results are texts, since
// an app may have any parser for other types.
const INSERT: Statement = {
  text: `
SELECT array_to_json({books}.insert_jobs($1::text::json, $2::text::bigint))::text AS written, CASE WHEN $4::text IS NOT NULL THEN pg_notify($4::text, '')::text END AS told
FROM {books}.store WHERE id = $3::text::uuid`
}

export interface Within {
  readonly client: SqlClient
  readonly storeId: string
  /** The channel on which to announce the commit; undefined: none. */
  readonly channel: string | undefined
}

/** Writes through a connection of the app, in its transaction: after a rollback the jobs never existed. */
export async function enqueueWithin(
  books: Books,
  jobs: readonly NewJob[],
  within: Within
): Promise<readonly EnqueueAnswer[]> {
  const { client, storeId, channel } = within
  const { schema } = books.database
  const sql = clientSql(client, schema)
  const now = books.now()?.toString() ?? null
  const answers = await enqueueBy(books, jobs, {
    sql,
    insert: async json => {
      const [row] = await sql.query<[written: string | null, notified: unknown]>(INSERT, [
        json,
        now,
        storeId,
        channel ?? null
      ])
      if (row !== undefined) return row[0] === null ? null : (JSON.parse(row[0]) as readonly string[])
      throw new EscapementError(
        'client-invalid',
        `The client of an enqueue is connected to a database whose schema ${schema} holds other books than this Escapement uses.`
      )
    }
  })
  return answers as EnqueueAnswer[]
}
