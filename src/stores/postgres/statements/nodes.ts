import type { HeldAttempt, NodeRecord, NodeReport, NodeState, Renewal } from '../../../store/nodes.ts'
import { NODE_COLUMNS, nodeOf, vitalsIn, vitalsText } from '../../sql/node-rows.ts'
import type { NodeRow } from '../../sql/node-rows.ts'
import { assertStillFits } from '../../sql/older-nodes.ts'
import { lockOutMigrations } from '../schema/migration-sql.ts'
import { KEEP_TOTALS } from './counts.ts'
import { KEEP_TALLIES, tallyRecord } from './tally.ts'
import { migrations } from '../migrations/all.ts'
import type { Books, Statement } from '../sql.ts'
import { assertWritable, theOne } from '../schema/whole.ts'

// A repeated join changes nothing. In particular it never revives an identity that has ended (rule 6). Another boot id
// under the same host name proves nothing here: containers of two hosts may have the same name.
const JOIN: Statement = {
  text: `
INSERT INTO {books}.node (${NODE_COLUMNS}, layout) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 'alive', now, now, ${migrations.length}
FROM (SELECT coalesce($11::bigint, {books}.now_ms()) AS now) AS clock ON CONFLICT DO NOTHING`
}
const NEEDED: Statement = { text: 'SELECT max(min_compatible) FROM {books}.migration' }
// Also reads the books' own row: if somebody has emptied them, the next renewal reports it. The jobs that a node holds
// are found by the number under which it claimed; a node that never claimed has none.
const renewal = (more: string): Statement => ({
  text: `
WITH renewed AS (
  UPDATE {books}.node SET counter = counter + 1, renewed_at = coalesce($2::bigint, {books}.now_ms()), vitals = coalesce($3, vitals) WHERE id = $1 AND phase = 'alive' RETURNING 1)${more}
SELECT held.*, (SELECT one FROM {books}.store) FROM renewed LEFT JOIN LATERAL (SELECT id, fence, cancel_requested_at IS NOT NULL FROM {books}.unfinished
  WHERE place = -(SELECT id FROM {books}.runner WHERE node = $1) AND place < 0) AS held ON true`
})
const RENEW = renewal('')
/** The same, and writes what the node has counted. */
const RENEW_WITH_COUNTS = renewal(`, totals AS (${KEEP_TOTALS}), tallies AS (${KEEP_TALLIES})`)
const LEAVE: Statement = {
  text: `UPDATE {books}.node SET phase = 'left', ended_at = coalesce($2::bigint, {books}.now_ms()) WHERE id = $1 AND phase = 'alive'`
}
const MARK_LOST: Statement = {
  text: `
UPDATE {books}.node SET phase = 'lost', ended_at = coalesce($3::bigint, {books}.now_ms())
WHERE id = $1 AND phase = 'alive' AND counter = $2 RETURNING 1`
}
const LIST: Statement = { name: 'list_nodes', text: `SELECT vitals, ${NODE_COLUMNS} FROM {books}.node ORDER BY number` }

export async function join({ database, now }: Books, node: NodeRecord): Promise<void> {
  const { id, host, pid, bootId, roles, tasks, declares, release, version, timezoneData } = node
  await assertWritable(database)
  const texts = [roles, tasks, declares].map(each => JSON.stringify(each))
  const values = [id, host, pid, bootId, ...texts, release, version, timezoneData, now()]
  await database.transaction(async tx => {
    // No migration begins until this node is visible.
    await tx.query({ text: lockOutMigrations(database.schema) })
    const [row] = await tx.query<[number]>(NEEDED)
    assertStillFits(`The schema ${database.schema}`, row![0], migrations.length)
    await tx.query(JOIN, values)
  })
}

type HeldRow = readonly [id: string | null, fence: number, cancelRequested: boolean, hasIdentity: true | null]

export async function renew({ database, now }: Books, nodeId: string, report?: NodeReport): Promise<Renewal> {
  const { totals = [], tallies = [] } = report ?? {}
  const values = [nodeId, now(), vitalsText(report)]
  const rows =
    totals.length + tallies.length === 0
      ? await database.query<HeldRow>(RENEW, values)
      : await database.query<HeldRow>(RENEW_WITH_COUNTS, [
          ...values,
          JSON.stringify(totals),
          JSON.stringify(tallies.map(tallyRecord))
        ])
  if (rows.length === 0) return { phase: 'lost' }
  theOne(
    database,
    rows.filter(row => row[3] === true)
  )
  const held = rows.flatMap(([id, fence, cancelRequested]): HeldAttempt[] =>
    id === null ? [] : [{ id, fence, cancelRequested }]
  )
  return { phase: 'alive', held }
}

export async function leave({ database, now }: Books, nodeId: string): Promise<void> {
  await database.query(LEAVE, [nodeId, now()])
}

export const markLost = async ({ database, now }: Books, nodeId: string, counter: number): Promise<boolean> =>
  (await database.query(MARK_LOST, [nodeId, counter, now()])).length > 0

export const listNodes = async ({ database }: Books): Promise<NodeState[]> =>
  (await database.query<readonly [vitals: string | null, ...node: NodeRow]>(LIST)).map(([vitals, ...node]) => ({
    ...nodeOf(node),
    vitals: vitalsIn(vitals)
  }))
