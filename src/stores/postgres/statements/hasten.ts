import { DELAYED } from '../../sql/codes.ts'
import type { Books, Statement } from '../sql.ts'

// Skips jobs that somebody is claiming or settling: they are not waiting.
const HASTEN: Statement = {
  text: `
WITH clock AS (SELECT coalesce($1::bigint, {books}.now_ms()) AS now),
late AS (
  SELECT id FROM {books}.job, clock WHERE place > 0 AND (
    (state = 0 AND snoozed_at IS NULL AND origin = ${DELAYED} AND created_at > now + $2) OR (state = 0 AND snoozed_at > now + $2) OR (state = 1 AND run_at > now + $2)
    OR (state = 3 AND (errors::jsonb -> -1 ->> 'at')::bigint > now + $2)) ORDER BY id FOR UPDATE OF job SKIP LOCKED),
hastened AS (
  UPDATE {books}.job SET created_at = least(created_at, now), snoozed_at = least(snoozed_at, now),
    run_at = CASE state WHEN 0 THEN run_at - (coalesce(snoozed_at, created_at) - now) WHEN 1 THEN now
      ELSE greatest(now, run_at - ((errors::jsonb -> -1 ->> 'at')::bigint - now)) END,
    errors = CASE state WHEN 3 THEN jsonb_set(errors::jsonb, '{-1,at}', to_jsonb(now))::text ELSE errors END
  FROM late, clock WHERE job.id = late.id RETURNING 1)
SELECT count(*) FROM hastened`
}

export async function hastenJobs({ database, now }: Books, toleranceMs: number): Promise<number> {
  const [row] = await database.query<[number]>(HASTEN, [now(), toleranceMs])
  return row![0]
}
