import type { OlderNode, OlderNodes } from '../../sql/older-nodes.ts'
import type { Database, Sql, Statement } from '../sql.ts'

type Row = readonly [id: string, host: string, pid: number, counter: number]

// In the first layout the column is missing; then its default is used.
const LIST: Statement = {
  text: `
SELECT id, host, pid, counter FROM {books}.node
WHERE phase = 'alive' AND coalesce((to_jsonb(node) ->> 'layout')::integer, 1) < $1 ORDER BY number`
}
const MARK_LOST: Statement = {
  text: `
UPDATE {books}.node SET phase = 'lost', ended_at = {books}.now_ms() WHERE id = $1 AND phase = 'alive' AND counter = $2`
}

/** Nodes that count as alive, of releases that know fewer migrations. */
export const olderNodes = (database: Database, needed: number, sql: Sql = database): OlderNodes => ({
  books: `The schema ${database.schema}`,
  list: async () =>
    (await sql.query<Row>(LIST, [needed])).map(([id, host, pid, counter]): OlderNode => ({ id, host, pid, counter })),
  markLost: ({ id, counter }) => sql.query(MARK_LOST, [id, counter])
})
