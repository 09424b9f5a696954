import { DELAYED } from '../../sql/codes.ts'
import { moveToFinished, noteOtherEnds, unsuccessful } from './finish.ts'
import { SETTINGS } from './settings.ts'

const cancelJobs = `
-- Cancels jobs that wait, and asks those that run and are not packed; answers both. All are locked before, so that none of them is claimed
-- or settled between the two.
CREATE OR REPLACE FUNCTION cancel_jobs(ids uuid[], at bigint) RETURNS TABLE (id uuid, is_running boolean) LANGUAGE plpgsql ${SETTINGS} AS $$
#variable_conflict use_column
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  PERFORM FROM job WHERE id = ANY (ids) ORDER BY id FOR UPDATE;
  RETURN QUERY UPDATE job SET cancel_requested_at = coalesce(cancel_requested_at, now_at)
    WHERE id = ANY (ids) AND place + 0 < 0 RETURNING id, true;
  RETURN QUERY WITH gone AS (
    DELETE FROM job WHERE id = ANY (ids) AND place + 0 >= 0 RETURNING *),
  kept AS (
    ${moveToFinished('gone', { ...unsuccessful, state: '5', runner: 'NULL', cancel_requested_at: 'now_at' })}),
  noted AS (${noteOtherEnds('gone', '5')})
  SELECT id, false FROM gone;
END
$$;
`

const retryJob = `
-- Makes a finished job available anew, without its past. Its own row is locked first, then that of its schedule, whose guard is
-- compared and jobs_created raised with it; a schedule that is not there needs no guard.
CREATE OR REPLACE FUNCTION retry_job(of uuid, was_decided_until bigint, was_revision bigint, was_jobs_created bigint, at bigint) RETURNS text LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
  was finished;
BEGIN
  SELECT * INTO was FROM finished WHERE id = of FOR UPDATE;
  IF NOT FOUND THEN
    RETURN CASE WHEN EXISTS (SELECT FROM unfinished_of(ARRAY[of])) THEN 'not-finished' ELSE 'unknown' END;
  END IF;
  IF was.schedule_id IS NOT NULL AND was_revision IS NULL THEN
    IF EXISTS (SELECT FROM schedule WHERE id = was.schedule_id) THEN
      RETURN 'conflict';
    END IF;
  ELSIF was.schedule_id IS NOT NULL THEN
    PERFORM FROM schedule WHERE id = was.schedule_id AND decided_until = was_decided_until AND revision = was_revision
      AND jobs_created = was_jobs_created FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RETURN 'conflict';
    END IF;
  END IF;
  INSERT INTO job (id, run_at, created_at, keep_ms, fence, fire_at, place, lane, max_attempts, steps, state, origin, delivery, outcome,
    payload, unique_task, unique_key, unique_until, schedule_id)
  VALUES (of, now_at, was.created_at, was.keep_ms, was.fence, was.fire_at, 2 * was.lane, was.lane, was.max_attempts, was.steps, 1,
    was.origin, was.delivery, was.outcome, was.payload,
    CASE WHEN was.unique_key IS NOT NULL THEN (SELECT task FROM lane WHERE id = was.lane) END, was.unique_key, was.unique_until, was.schedule_id)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN 'conflict';
  END IF;
  IF was.unique_key IS NOT NULL THEN
    -- Under a snapshot of its own: until now a job that holds the key when finished would have been in the way of the insert.
    DELETE FROM job WHERE id = of AND EXISTS (SELECT FROM finished WHERE finished.unique_task = job.unique_task AND finished.unique_key = job.unique_key
      AND finished.unique_until > now_at AND finished.id <> of);
    IF FOUND THEN
      RETURN 'conflict';
    END IF;
  END IF;
  UPDATE schedule SET jobs_created = jobs_created + 1 WHERE id = was.schedule_id AND was_revision IS NOT NULL;
  DELETE FROM finished WHERE id = of;
  RETURN 'retried';
END
$$;
`

const replaceJob = `
-- Writes the values of a new job into the one that holds its unique key, unless that one has ever been claimed. With waits it waits for
-- whoever holds the row.
CREATE OR REPLACE FUNCTION replace_job(holder uuid, job_values json, waits boolean, at bigint) RETURNS text LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
  new job := json_populate_record(NULL::job, job_values);
  was job;
BEGIN
  IF waits THEN
    SELECT * INTO was FROM job WHERE id = holder AND unique_task = new.unique_task AND unique_key = new.unique_key FOR UPDATE;
  ELSE
    SELECT * INTO was FROM job WHERE id = holder AND unique_task = new.unique_task AND unique_key = new.unique_key FOR UPDATE SKIP LOCKED;
    IF NOT FOUND AND EXISTS (SELECT FROM job WHERE id = holder AND unique_task = new.unique_task AND unique_key = new.unique_key) THEN
      RETURN 'held';
    END IF;
  END IF;
  IF was.id IS NULL THEN
    RETURN CASE WHEN EXISTS (SELECT FROM finished WHERE id = holder AND unique_task = new.unique_task AND unique_key = new.unique_key AND unique_until > now_at)
      THEN 'begun' ELSE 'gone' END;
  END IF;
  IF was.place < 0 OR was.fence IS NOT NULL THEN
    RETURN 'begun';
  END IF;
  UPDATE job SET lane = new.lane, place = 2 * new.lane, run_at = greatest(new.run_at, now_at), state = CASE WHEN new.run_at > now_at THEN 0 ELSE 1 END,
    payload = new.payload, origin = new.origin, max_attempts = new.max_attempts, delivery = new.delivery, keep_ms = new.keep_ms,
    unique_until = new.unique_until
  WHERE id = holder;
  RETURN 'replaced';
END
$$;
`

const changeJob = `
-- Changes a job that waits and stands in the lane in which it was seen; what is null stays. Answers an empty text where that is another lane by now.
-- A payload stays once the job has been claimed. What is due at an instant that was asked for is not hastened.
CREATE OR REPLACE FUNCTION change_job(of uuid, seen_lane integer, new_lane integer, new_run_at bigint, new_payload text, at bigint) RETURNS text LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  UPDATE job SET lane = new_lane, place = 2 * new_lane + place % 2, payload = coalesce(new_payload, payload),
    run_at = CASE WHEN new_run_at IS NULL THEN run_at ELSE greatest(new_run_at, now_at) END,
    state = CASE WHEN new_run_at IS NULL THEN state WHEN new_run_at <= now_at THEN 1 WHEN state = 3 THEN 3 ELSE 0 END,
    snoozed_at = CASE WHEN new_run_at IS NULL THEN snoozed_at END,
    origin = CASE WHEN new_run_at IS NOT NULL AND origin = ${DELAYED} THEN 0 ELSE origin END
  WHERE id = of AND place + 0 > 0 AND lane = seen_lane AND (new_payload IS NULL OR fence IS NULL);
  IF FOUND THEN
    RETURN 'changed';
  END IF;
  RETURN coalesce(
    (SELECT CASE WHEN place < 0 THEN 'not-waiting' WHEN new_payload IS NOT NULL AND fence IS NOT NULL THEN 'begun' ELSE '' END FROM unfinished_of(ARRAY[of])),
    (SELECT 'not-waiting' FROM finished WHERE id = of),
    'unknown');
END
$$;
`

export const operating: readonly string[] = [cancelJobs, retryJob, replaceJob, changeJob]
