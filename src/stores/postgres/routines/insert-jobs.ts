import { SETTINGS } from './settings.ts'

/** Waits this long for writes that others are about to commit. Rows that are held for longer are left out. */
export const PATIENCE_MS = 50

const SIGNATURE = '(jobs json, at bigint) RETURNS uuid[] LANGUAGE plpgsql'
const body = `AS $$
DECLARE
  inserted_at bigint := coalesce(at, now_ms());
  new_ids uuid[];
  least_id uuid;
  keyed bigint;
  is_any_gone boolean := false;
BEGIN
  WITH inserted AS (
    INSERT INTO job (id, run_at, created_at, keep_ms, fire_at, place, lane, max_attempts, state, origin, delivery, payload,
      unique_task, unique_key, unique_until, schedule_id)
    SELECT new.id, greatest(new.run_at, inserted_at), inserted_at, new.keep_ms, new.fire_at, 2 * new.lane, new.lane, new.max_attempts,
      CASE WHEN new.run_at > inserted_at THEN 0 ELSE 1 END, new.origin, new.delivery, new.payload,
      new.unique_task, new.unique_key, new.unique_until, new.schedule_id
    FROM json_to_recordset(jobs) AS new (id uuid, lane integer, run_at bigint, payload text, unique_task text, unique_key text,
      schedule_id text, fire_at bigint, origin smallint, max_attempts integer, delivery smallint, keep_ms bigint, unique_until bigint)
    ON CONFLICT DO NOTHING RETURNING id, unique_key)
  SELECT array_agg(id), min(id::text)::uuid, count(unique_key) INTO new_ids, least_id, keyed FROM inserted;
  -- New ids are mostly greater than all that were packed: this asks for less than the deletion, which is slow to begin.
  IF EXISTS (SELECT FROM finished WHERE id = ANY (new_ids)) OR EXISTS (SELECT FROM pack WHERE greatest_id >= least_id) THEN
    DELETE FROM job WHERE id = ANY (ARRAY(
      SELECT id FROM finished WHERE id = ANY (new_ids)
      UNION ALL SELECT held.id FROM pack CROSS JOIN LATERAL unnest(ids) WITH ORDINALITY AS held (id, position)
      WHERE greatest_id >= least_id
        AND held.id >= least_id AND held.id <= (SELECT id FROM unnest(new_ids) AS id ORDER BY id DESC LIMIT 1)
        AND held.id = ANY (new_ids) AND get_bit(gone, position::integer - 1) = 0));
    is_any_gone := FOUND;
  END IF;
  -- A finished job may hold the key. It stood in job, where it would have been in the way, until it went there.
  IF keyed > 0 THEN
    DELETE FROM job WHERE id = ANY (new_ids) AND unique_key IS NOT NULL AND EXISTS (
      SELECT FROM finished WHERE finished.unique_task = job.unique_task AND finished.unique_key = job.unique_key AND finished.unique_until > inserted_at);
    is_any_gone := is_any_gone OR FOUND;
  END IF;
  IF is_any_gone THEN
    SELECT array_agg(id) INTO new_ids FROM job WHERE id = ANY (new_ids);
  END IF;
  RETURN CASE WHEN cardinality(new_ids) = json_array_length(jobs) THEN NULL ELSE coalesce(new_ids, '{}') END;
END
$$;
`

export const insertJobs = `
-- Writes new jobs in the order given, and answers the ids of those it wrote; null: all of them. Not written is one whose
-- id or unique key is taken.
--
-- The finished and the packed ones are asked after the insert, and under a snapshot of its own: a job may have gone there since the
-- statement began, and in between it is in neither. Plans are made once: for a job alone they took longer than its insert.
CREATE OR REPLACE FUNCTION insert_jobs${SIGNATURE} ${SETTINGS} SET plan_cache_mode = force_generic_plan ${body}`

/** A body of its own: every enqueue calls it, and one function that calls another sets and resets all settings twice. */
export const insertJobsSoon = `
-- As insert_jobs(), but it fails with lock_not_available where another transaction holds what it needs. Then nothing is written.
CREATE OR REPLACE FUNCTION insert_jobs_soon${SIGNATURE} ${SETTINGS} SET plan_cache_mode = force_generic_plan SET lock_timeout = ${PATIENCE_MS} ${body}`
