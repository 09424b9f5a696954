import type { NewAuditEntry } from '../../../core/access/audit.ts'
import type { Incident } from '../../../core/alerts/incident.ts'
import type { FaultSight } from '../../../core/alerts/rules/books-seen.ts'
import { isText } from '../../../core/options/forms.ts'
import { ofOne } from '../../../store/access/entries-of.ts'
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
import type { Books, Sql, Statement } from '../sql.ts'
import { writeAudit } from './audit.ts'

const CLOCK = (parameter: string): string => `(SELECT coalesce(${parameter}::bigint, {books}.now_ms()) AS now) AS clock`

const PASS: Statement = { text: 'SELECT number, began_at, finished_at, memory FROM {books}.alert_pass' }
// Of many at once one updates the row. The others wait for it, see it as it is then, and find that it is nobody's turn.
const TAKE: Statement = {
  name: 'take_pass',
  text: `
INSERT INTO {books}.alert_pass AS pass (number, began_at) SELECT 1, now FROM ${CLOCK('$2')}
ON CONFLICT (one) DO UPDATE SET number = pass.number + 1, began_at = excluded.began_at
WHERE pass.began_at <= excluded.began_at - $1::bigint OR pass.began_at > excluded.began_at RETURNING number, began_at, finished_at, memory`
}

export const readPass = async ({ database }: Books): Promise<AlertPass> =>
  passOf((await database.query<PassRow>(PASS))[0])

export async function takePass({ database, now }: Books, everyMs: number): Promise<AlertPass | undefined> {
  const [row] = await database.query<PassRow>(TAKE, [everyMs, now()])
  return row === undefined ? undefined : passOf(row)
}

const FINISH: Statement = {
  text: `
UPDATE {books}.alert_pass SET finished = number, finished_at = coalesce($3::bigint, {books}.now_ms()), memory = $2
WHERE number = $1 AND finished < number RETURNING 1`
}
const ROWS = `json_to_recordset($1::json) AS new (id text, rule text, subject text, opened_at bigint, resolved_at bigint, told text, flaps integer,
  acknowledged_at bigint, acknowledged_by text, seen_at bigint, body text)`
const CHANGE: Statement = {
  text: `
UPDATE {books}.incident AS old SET resolved_at = new.resolved_at, told = new.told, body = new.body, flaps = new.flaps,
  acknowledged_at = CASE WHEN new.flaps > old.flaps THEN NULL ELSE old.acknowledged_at END,
  acknowledged_by = CASE WHEN new.flaps > old.flaps THEN NULL ELSE old.acknowledged_by END
FROM ${ROWS} WHERE old.id = new.id AND (new.resolved_at IS NOT NULL) = $2`
}
const OPEN: Statement = {
  text: `INSERT INTO {books}.incident (${INCIDENT_COLUMNS}) SELECT ${INCIDENT_COLUMNS} FROM ${ROWS} ON CONFLICT DO NOTHING RETURNING 1`
}
const OPEN_BESIDE: Statement = {
  text: `
SELECT 1 FROM ${ROWS} JOIN {books}.incident AS old ON old.rule = new.rule AND old.subject = new.subject AND old.resolved_at IS NULL AND old.id <> new.id
WHERE new.resolved_at IS NULL LIMIT 1`
}
const NOTICES: Statement = {
  text: `
INSERT INTO {books}.notice (id, channel, made_at, due_at, body)
SELECT id, channel, made_at, coalesce($2::bigint, {books}.now_ms()), body
FROM json_to_recordset($1::json) AS new (id text, channel text, made_at bigint, body text)`
}
const DROP_INCIDENTS: Statement = {
  text: `
DELETE FROM {books}.incident WHERE id IN (SELECT id FROM {books}.incident
  WHERE resolved_at IS NOT NULL AND resolved_at < $1 AND told = 'over' ORDER BY resolved_at LIMIT 1000)`
}
const DROP_NOTICES: Statement = {
  text: `
DELETE FROM {books}.notice WHERE id IN (
  SELECT id FROM {books}.notice WHERE ended_at IS NOT NULL AND ended_at < $1 ORDER BY ended_at LIMIT 1000)`
}

/** Thrown to roll back what an outdated pass has written. */
const stale = Symbol('stale')

export async function writePass({ database, now }: Books, write: PassWrite): Promise<'written' | 'stale'> {
  try {
    await database.transaction(async tx => {
      // Its row stays locked until the commit: a pass that begins meanwhile waits.
      if ((await tx.query(FINISH, [write.number, write.memory, now()])).length === 0) throw stale
      await writeIncidents(tx, write)
      const notices = write.notices.map(({ channel, notice }) => {
        return { id: notice.id, channel, made_at: notice.madeAt, body: JSON.stringify(notice) }
      })
      if (notices.length > 0) await tx.query(NOTICES, [JSON.stringify(notices), now()])
      await tx.query(DROP_INCIDENTS, [write.dropIncidentsBefore])
      await tx.query(DROP_NOTICES, [write.dropNoticesBefore])
    })
    return 'written'
  } catch (error) {
    if (error === stale) return 'stale'
    throw error
  }
}

/** Those that are over make room for those that open. */
async function writeIncidents(tx: Sql, { opened, changed }: PassWrite): Promise<void> {
  const changes = rowsOf(changed)
  if (changed.length > 0) await tx.query(CHANGE, [changes, true])
  if (changed.length > 0 && (await tx.query(OPEN_BESIDE, [changes])).length > 0) throw stale
  if (changed.length > 0) await tx.query(CHANGE, [changes, false])
  if (opened.length > 0 && (await tx.query(OPEN, [rowsOf(opened)])).length < opened.length) throw stale
}

const NAMES = INCIDENT_COLUMNS.split(', ')
const rowsOf = (incidents: readonly Incident[]): string =>
  JSON.stringify(
    incidents.map(incident => Object.fromEntries(rowOfIncident(incident).map((cell, index) => [NAMES[index], cell])))
  )

const INCIDENTS: Statement = {
  text: `
SELECT ${INCIDENT_COLUMNS} FROM {books}.incident WHERE resolved_at IS NULL OR resolved_at >= $1 OR told <> 'over' ORDER BY id`
}
// A process repeats its report for as long as the trouble lasts.
const REPORT: Statement = {
  text: `
INSERT INTO {books}.incident (${INCIDENT_COLUMNS})
SELECT id, rule, subject, opened_at, resolved_at, told, flaps, acknowledged_at, acknowledged_by, coalesce($2::bigint, {books}.now_ms()), body FROM ${ROWS}
ON CONFLICT (rule, subject) WHERE resolved_at IS NULL DO UPDATE SET seen_at = excluded.seen_at`
}
const ACKNOWLEDGE: Statement = {
  text: `
UPDATE {books}.incident SET acknowledged_at = coalesce($3::bigint, {books}.now_ms()), acknowledged_by = $2
WHERE id = $1 AND resolved_at IS NULL RETURNING 1`
}

export const readIncidents = async ({ database }: Books, resolvedFrom: number): Promise<Incident[]> =>
  (await database.query<IncidentRow>(INCIDENTS, [resolvedFrom])).map(incidentOf)

export async function reportIncident({ database, now }: Books, incident: Incident): Promise<void> {
  await database.query(REPORT, [rowsOf([incident]), now()])
}

export async function acknowledgeIncident(
  books: Books,
  id: string,
  { by, audit }: { readonly by: string; readonly audit: NewAuditEntry | undefined }
): Promise<boolean> {
  if (!isText(id)) return false
  return books.database.transaction(async tx => {
    const isOpen = (await tx.query(ACKNOWLEDGE, [id, by, books.now()])).length > 0
    await writeAudit(books, ofOne(isOpen, audit), tx)
    return isOpen
  })
}

const CLAIM: Statement = {
  name: 'claim_notices',
  text: `
UPDATE {books}.notice SET fence = fence + 1, held_until = now + $2::bigint FROM ${CLOCK('$4')}
WHERE id = ANY (ARRAY(SELECT id FROM {books}.notice WHERE ended_at IS NULL AND channel = ANY ($1)
  AND due_at <= coalesce($4::bigint, {books}.now_ms()) AND held_until <= coalesce($4::bigint, {books}.now_ms())
  ORDER BY made_at, id LIMIT $3 FOR UPDATE SKIP LOCKED))
RETURNING body, channel, fence, tries`
}
const SETTLE: Statement = {
  text: `
UPDATE {books}.notice SET problem = $3, ended_at = CASE WHEN $4::bigint IS NULL THEN coalesce($5::bigint, {books}.now_ms()) END,
  due_at = coalesce($4::bigint, due_at), held_until = 0, tries = tries + 1
WHERE id = $1 AND fence = $2 AND ended_at IS NULL RETURNING 1`
}
const TROUBLED: Statement = {
  text: `
SELECT channel, min(made_at), min(coalesce(problem, '')) FROM {books}.notice WHERE ended_at IS NULL AND tries >= $1 GROUP BY channel ORDER BY channel`
}

export async function claimNotices({ database, now }: Books, claim: NoticeClaim): Promise<ClaimedNotice[]> {
  const { channels, limit, holdMs } = claim
  return claimedOf(await database.query<ClaimedRow>(CLAIM, [channels, holdMs, limit, now()]))
}

export async function settleNotice({ database, now }: Books, report: NoticeReport): Promise<boolean> {
  const { id, fence, problem, retryAt } = report
  const values = [id, fence, problem ?? null, retryAt ?? null, now()]
  return (await database.query(SETTLE, values)).length > 0
}

export const troubledChannels = async ({ database }: Books, tries: number): Promise<FaultSight[]> =>
  (await database.query<[string, number, string]>(TROUBLED, [tries])).map(([subject, since, why]) => {
    return { subject, since, why }
  })
