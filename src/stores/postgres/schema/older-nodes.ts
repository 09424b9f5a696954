import type { OlderNode, OlderNodes } from '../../sql/older-nodes.ts'
import type { Database, Sql, Statement } from '../sql.ts'

type Row = readonly [id: string, host: string, pid: number, counter: number]

// In the first layout the column is missing; then its default is used.
const IS_OLDER = "phase = 'alive' AND coalesce((to_jsonb(node) ->> 'layout')::integer, 1) <"
const LIST: Statement = {
  text: `
SELECT id, host, pid, counter FROM {books}.node
WHERE ${IS_OLDER} $1 ORDER BY number`
}
const MARK_LOST: Statement = {
  text: `
UPDATE {books}.node SET phase = 'lost', ended_at = {books}.now_ms() WHERE id = $1 AND phase = 'alive' AND counter = $2`
}

/** For statements that are run by hand: they can't watch a node, and take what its row says. */
export const refuseOlderNodes = (needed: number): string => `
DO $$
BEGIN
  IF EXISTS (SELECT FROM node WHERE ${IS_OLDER} ${needed}) THEN
    RAISE EXCEPTION 'nodes of an earlier release may still work on these books, and could not after this'
      USING HINT = 'Stop them first. One that died without leaving is marked as lost by any other node within a minute.';
  END IF;
END
$$;`

/** Nodes that count as alive, of releases that know fewer migrations. */
export const olderNodes = (database: Database, needed: number, sql: Sql = database): OlderNodes => ({
  books: `The schema ${database.schema}`,
  list: async () =>
    (await sql.query<Row>(LIST, [needed])).map(([id, host, pid, counter]): OlderNode => ({ id, host, pid, counter })),
  markLost: ({ id, counter }) => sql.query(MARK_LOST, [id, counter])
})
