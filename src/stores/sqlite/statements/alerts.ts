import type { Incident } from '../../../core/alerts/incident.ts'
import type { FaultSight } from '../../../core/alerts/rules/books-seen.ts'
import type { AlertPass, ClaimedNotice, NoticeClaim, NoticeReport, PassWrite } from '../../../store/alerts.ts'
import {
  type ClaimedRow,
  claimedOf,
  INCIDENT_COLUMNS,
  incidentOf,
  type IncidentRow,
  passOf,
  type PassRow,
  rowOfIncident
} from '../../sql/alert-rows.ts'
import type { Books } from '../books.ts'

const PASS = 'SELECT number, began_at, finished_at, memory FROM escapement_alert_pass'
const TAKE = `
INSERT INTO escapement_alert_pass AS pass (one, number, began_at) VALUES (1, 1, ?)
ON CONFLICT (one) DO UPDATE SET number = pass.number + 1, began_at = excluded.began_at WHERE pass.began_at <= ? OR pass.began_at > ?
RETURNING number, began_at, finished_at, memory`
const FINISH =
  'UPDATE escapement_alert_pass SET finished = number, finished_at = ?, memory = ? WHERE number = ? AND finished < number'

export const readPass = ({ connection }: Books): AlertPass => passOf(connection.prepare<PassRow>(PASS).get())

/** Whether it is nobody's turn: seen without the lock. */
export function isPassTaken(books: Books, everyMs: number): boolean {
  const now = books.now()
  const { beganAt } = readPass(books)
  return beganAt > now - everyMs && beganAt <= now
}

export function takePass({ connection, now }: Books, everyMs: number): AlertPass | undefined {
  const at = now()
  const row = connection.prepare<PassRow>(TAKE).get(at, at - everyMs, at)
  return row === undefined ? undefined : passOf(row)
}

const IS_CURRENT = 'SELECT 1 FROM escapement_alert_pass WHERE number = ? AND finished < number'
const OPEN_BESIDE =
  'SELECT 1 FROM escapement_incident WHERE rule = ? AND subject = ? AND resolved_at IS NULL AND id <> ?'
const OPEN = `INSERT INTO escapement_incident (${INCIDENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const CHANGE = `
UPDATE escapement_incident SET resolved_at = ?, told = ?, body = ?,
  acknowledged_at = iif(? > flaps, NULL, acknowledged_at), acknowledged_by = iif(? > flaps, NULL, acknowledged_by), flaps = ?
WHERE id = ?`
const NOTICE = 'INSERT INTO escapement_notice (id, channel, made_at, due_at, body) VALUES (?, ?, ?, ?, ?)'
const DROP_INCIDENTS = `DELETE FROM escapement_incident WHERE id IN
  (SELECT id FROM escapement_incident WHERE resolved_at IS NOT NULL AND resolved_at < ? AND told = 'over' ORDER BY resolved_at LIMIT 1000)`
const DROP_NOTICES = `DELETE FROM escapement_notice WHERE id IN
  (SELECT id FROM escapement_notice WHERE ended_at IS NOT NULL AND ended_at < ? ORDER BY ended_at LIMIT 1000)`

export function writePass(books: Books, write: PassWrite): 'written' | 'stale' {
  const { connection, now } = books
  const { number, opened, changed, notices, memory } = write
  if (connection.prepare(IS_CURRENT).get(number) === undefined || !fits(books, write)) return 'stale'
  // Those that are over make room for those that open.
  const ended = changed.filter(({ resolvedAt }) => resolvedAt !== undefined)
  for (const incident of ended) change(books, incident)
  for (const incident of changed) if (incident.resolvedAt === undefined) change(books, incident)
  for (const incident of opened) connection.prepare(OPEN).run(...rowOfIncident(incident))
  for (const { channel, notice } of notices)
    connection.prepare(NOTICE).run(notice.id, channel, notice.madeAt, now(), JSON.stringify(notice))
  connection.prepare(DROP_INCIDENTS).run(write.dropIncidentsBefore)
  connection.prepare(DROP_NOTICES).run(write.dropNoticesBefore)
  connection.prepare(FINISH).run(now(), memory, number)
  return 'written'
}

/** At most one is open for a rule and a subject. */
function fits({ connection }: Books, { opened, changed }: PassWrite): boolean {
  const beside = connection.prepare(OPEN_BESIDE)
  const ending = new Set(changed.filter(({ resolvedAt }) => resolvedAt !== undefined).map(keyOf))
  const open = [...opened, ...changed].filter(({ resolvedAt }) => resolvedAt === undefined)
  if (new Set(open.map(keyOf)).size < open.length) return false
  return open.every(each => ending.has(keyOf(each)) || beside.get(each.rule, each.subject, each.id) === undefined)
}

const keyOf = ({ rule, subject }: Incident): string => `${rule}\n${subject}`

function change({ connection }: Books, incident: Incident): void {
  const [id, , , , resolvedAt, told, flaps, , , , body] = rowOfIncident(incident)
  connection.prepare(CHANGE).run(resolvedAt, told, body, flaps, flaps, flaps, id)
}

const INCIDENTS = `
SELECT ${INCIDENT_COLUMNS} FROM escapement_incident WHERE resolved_at IS NULL OR resolved_at >= ? OR told <> 'over' ORDER BY id`
// A process repeats its report for as long as the trouble lasts.
const REPORT = `${OPEN} ON CONFLICT (rule, subject) WHERE resolved_at IS NULL DO UPDATE SET seen_at = excluded.seen_at`
const ACKNOWLEDGE =
  'UPDATE escapement_incident SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND resolved_at IS NULL'

export const readIncidents = ({ connection }: Books, resolvedFrom: number): Incident[] =>
  connection.prepare<IncidentRow>(INCIDENTS).all(resolvedFrom).map(incidentOf)

export function reportIncident({ connection, now }: Books, incident: Incident): void {
  connection.prepare(REPORT).run(...rowOfIncident({ ...incident, seenAt: now() }))
}

export const acknowledgeIncident = ({ connection, now }: Books, id: string, by: string): boolean =>
  Number(connection.prepare(ACKNOWLEDGE).run(now(), by, id).changes) > 0

const CLAIM = `
UPDATE escapement_notice SET fence = fence + 1, held_until = ? WHERE id IN (
  SELECT id FROM escapement_notice WHERE ended_at IS NULL AND channel IN (SELECT value FROM json_each(?)) AND due_at <= ? AND held_until <= ?
  ORDER BY made_at, id LIMIT ?)
RETURNING body, channel, fence, tries`
const IS_DUE = `
SELECT 1 FROM escapement_notice WHERE ended_at IS NULL AND channel IN (SELECT value FROM json_each(?)) AND due_at <= ? AND held_until <= ? LIMIT 1`
const SETTLE = `
UPDATE escapement_notice SET problem = ?, ended_at = ?, due_at = coalesce(?, due_at), held_until = 0, tries = tries + 1
WHERE id = ? AND fence = ? AND ended_at IS NULL`
const TROUBLED = `
SELECT channel, min(made_at), min(coalesce(problem, '')) FROM escapement_notice WHERE ended_at IS NULL AND tries >= ? GROUP BY channel ORDER BY channel`

/** Seen without the lock. */
export function isNoticeDue({ connection, now }: Books, channels: readonly string[]): boolean {
  const at = now()
  return connection.prepare(IS_DUE).get(JSON.stringify(channels), at, at) !== undefined
}

export function claimNotices({ connection, now }: Books, { channels, limit, holdMs }: NoticeClaim): ClaimedNotice[] {
  const at = now()
  const rows = connection.prepare<ClaimedRow>(CLAIM).all(at + holdMs, JSON.stringify(channels), at, at, limit)
  return claimedOf(rows)
}

export function settleNotice({ connection, now }: Books, { id, fence, problem, retryAt }: NoticeReport): boolean {
  const endedAt = retryAt === undefined ? now() : null
  const { changes } = connection.prepare(SETTLE).run(problem ?? null, endedAt, retryAt ?? null, id, fence)
  return Number(changes) > 0
}

export const troubledChannels = ({ connection }: Books, tries: number): FaultSight[] =>
  connection
    .prepare<[string, number, string]>(TROUBLED)
    .all(tries)
    .map(([subject, since, why]) => ({ subject, since, why }))
