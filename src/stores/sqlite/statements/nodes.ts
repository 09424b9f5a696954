import { aheadBy } from '../../../clock/ahead-by.ts'
import type { HeldAttempt, NodeRecord, NodeReport, NodeState, Renewal } from '../../../store/nodes.ts'
import { NODE_COLUMNS, nodeOf, vitalsIn, vitalsText } from '../../sql/node-rows.ts'
import type { NodeRow } from '../../sql/node-rows.ts'
import { assertStillFits } from '../../sql/older-nodes.ts'
import type { Books } from '../books.ts'
import { orUndefined, theOne } from '../books.ts'
import { keepTotals } from './counts.ts'
import { keepTallies } from './tally.ts'
import { migrations } from '../migrations/all.ts'

// A repeated join changes nothing. In particular it never revives an identity that has ended (rule 6).
const JOIN = `
INSERT INTO escapement_node (id, host, pid, boot_id, roles, tasks, declares, release, version, timezone_data, counter, phase, started_at, renewed_at, clock_offset, layout)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'alive', ?, ?, ?, ${migrations.length}) ON CONFLICT DO NOTHING`
const NEEDED = 'SELECT max(min_compatible) FROM escapement_migration'
// Nodes that ran on this host before its last boot can't be alive.
const LOSE_EARLIER_BOOTS =
  "UPDATE escapement_node SET phase = 'lost', ended_at = ? WHERE phase = 'alive' AND host = ? AND boot_id <> ?"
const RENEW =
  "UPDATE escapement_node SET counter = counter + 1, renewed_at = ?, clock_offset = ?, vitals = coalesce(?, vitals) WHERE id = ? AND phase = 'alive'"
const HAS_IDENTITY = 'SELECT 1 FROM escapement_store'
const HELD = 'SELECT id, fence, cancel_requested_at FROM escapement_running WHERE node = ?'
const LEAVE = "UPDATE escapement_node SET phase = 'left', ended_at = ? WHERE id = ? AND phase = 'alive'"
const MARK_LOST =
  "UPDATE escapement_node SET phase = 'lost', ended_at = ? WHERE id = ? AND phase = 'alive' AND counter = ?"
const LIST = `SELECT clock_offset, vitals, ${NODE_COLUMNS} FROM escapement_node ORDER BY number`

const clockOffset = ({ now, monotonic }: Books): number => Math.round(aheadBy(() => now() - monotonic()))

export function join(books: Books, node: NodeRecord): void {
  const { connection, now } = books
  const at = now()
  assertStillFits(
    `The SQLite file ${connection.file}`,
    theOne(connection, connection.prepare<[number]>(NEEDED).get())[0],
    migrations.length
  )
  const { changes } = connection
    .prepare(JOIN)
    .run(
      node.id,
      node.host,
      node.pid,
      node.bootId,
      JSON.stringify(node.roles),
      JSON.stringify(node.tasks),
      JSON.stringify(node.declares),
      node.release,
      node.version,
      node.timezoneData,
      at,
      at,
      clockOffset(books)
    )
  if (Number(changes) > 0) connection.prepare(LOSE_EARLIER_BOOTS).run(at, node.host, node.bootId)
}

export function renew(books: Books, nodeId: string, report: NodeReport | undefined): Renewal {
  const { connection, now } = books
  theOne(connection, connection.prepare(HAS_IDENTITY).get())
  const { changes } = connection.prepare(RENEW).run(now(), clockOffset(books), vitalsText(report), nodeId)
  if (Number(changes) === 0) return { phase: 'lost' }
  keepTotals(books, nodeId, report?.totals ?? [])
  keepTallies(books, nodeId, report?.tallies ?? [])
  const rows = connection.prepare<[string, number, number | null]>(HELD).all(nodeId)
  return {
    phase: 'alive',
    held: rows.map(([id, fence, at]): HeldAttempt => ({ id, fence, cancelRequested: at !== null }))
  }
}

export function leave({ connection, now }: Books, nodeId: string): void {
  connection.prepare(LEAVE).run(now(), nodeId)
}

export const markLost = ({ connection, now }: Books, nodeId: string, counter: number): boolean =>
  Number(connection.prepare(MARK_LOST).run(now(), nodeId, counter).changes) > 0

export const listNodes = ({ connection }: Books): NodeState[] =>
  connection
    .prepare<readonly [clockOffset: number | null, vitals: string | null, ...node: NodeRow]>(LIST)
    .all()
    .map(([offset, vitals, ...node]) => ({
      ...nodeOf(node),
      clockOffset: orUndefined(offset),
      vitals: vitalsIn(vitals)
    }))
