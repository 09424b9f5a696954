import { moveToFinished, noteOtherEnds, noteSuccesses, unsuccessful } from './finish.ts'
import { SETTINGS } from './settings.ts'

/**
 * The guard of every write of an attempt (rule 7), on the row itself: this job, this fence, still running. Each job is
 * found by its id: a list of one id can't be merged, so the planner can use an index only to find that id. The sum
 * hides the place from the planner.
 */
const isCurrent = (attempt: string): string =>
  `job.id = ANY (ARRAY[${attempt}.id]) AND job.fence = ${attempt}.fence AND job.place + 0 < 0`

/** What happens to the rows of completed jobs, and to their steps. */
const keptAndForgotten = `kept AS (
    ${moveToFinished('gone WHERE keep_ms > 0', { state: '4', outcome: '0', runner: '-place', finished_at: 'now_at', drop_at: 'now_at + keep_ms' })}),
  forgotten AS (
    DELETE FROM step USING gone WHERE step.job_id = gone.id AND gone.steps > 0 AND gone.keep_ms <= 0)`

const completeJobs = `
-- Completes the jobs of attempts and answers the ids of those it completed; null: all. The others are stale. Those that
-- leave nothing behind go first, since moving rows takes longer than dropping them.
CREATE OR REPLACE FUNCTION complete_jobs(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
  dropped uuid[];
  completed uuid[];
  fired uuid[];
  fired_by text[];
  claims bigint[];
BEGIN
  WITH gone AS (
    DELETE FROM job USING unnest(ids, fences) AS attempt (id, fence)
    WHERE ${isCurrent('attempt')} AND keep_ms <= 0 AND steps = 0 AND schedule_id IS NULL RETURNING job.id)
  SELECT array_agg(id) INTO dropped FROM gone;
  IF cardinality(dropped) = cardinality(ids) THEN
    RETURN NULL;
  END IF;
  WITH gone AS (
    DELETE FROM job USING unnest(ids, fences, results) AS attempt (id, fence, result)
    WHERE ${isCurrent('attempt')} RETURNING job.*, attempt.result),
  ${keptAndForgotten}
  SELECT coalesce(dropped, '{}') || coalesce(array_agg(id), '{}'), array_agg(id) FILTER (WHERE schedule_id IS NOT NULL),
    array_agg(schedule_id) FILTER (WHERE schedule_id IS NOT NULL), array_agg(claimed_at) FILTER (WHERE schedule_id IS NOT NULL)
    INTO completed, fired, fired_by, claims FROM gone;
  -- A statement of its own: most jobs belong to no schedule, and would pay for it in each batch.
  IF fired IS NOT NULL THEN${noteSuccesses('unnest(fired, fired_by, claims) AS each (id, schedule_id, claimed_at)')};
  END IF;
  RETURN CASE WHEN cardinality(completed) < cardinality(ids) THEN completed END;
END
$$;
`

const completeWithin = `
-- The same for one job in a transaction of which the app's code is a part. What is noted of its schedule is left to note_success(), at the
-- end: until then nobody has to wait for it.
CREATE OR REPLACE FUNCTION complete_within(of uuid, its_fence bigint, at bigint) RETURNS TABLE (schedule_id text, claimed_at bigint) LANGUAGE plpgsql ${SETTINGS} AS $$
#variable_conflict use_column
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  RETURN QUERY WITH gone AS (
    DELETE FROM job USING (SELECT of AS id, its_fence AS fence) AS attempt WHERE ${isCurrent('attempt')} RETURNING job.*, NULL::text AS result),
  ${keptAndForgotten}
  SELECT schedule_id, claimed_at FROM gone;
END
$$;
`

const noteSuccess = `
CREATE OR REPLACE FUNCTION note_success(of_schedule text, was_claimed_at bigint, at bigint) RETURNS void LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  ${noteSuccesses('(SELECT of_schedule AS schedule_id, was_claimed_at AS claimed_at, NULL AS id) AS gone')};
END
$$;
`

const SEEN = `started_at IS NOT DISTINCT FROM seen_started_at AND cancel_requested_at IS NOT DISTINCT FROM seen_cancel_requested_at`

const endAttempts = `
-- Ends attempts in any other way, each as it was decided on what was read of it: the job waits again (state 0, 1 or 3), or has
-- finished (5 or 6). Answers the ids of those it ended: not that of an attempt which is stale, nor of one that has begun or was
-- asked to end since it was read.
CREATE OR REPLACE FUNCTION end_attempts(endings json, at bigint) RETURNS SETOF uuid LANGUAGE plpgsql ${SETTINGS} AS $$
#variable_conflict use_column
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  RETURN QUERY WITH ending AS MATERIALIZED (
    SELECT * FROM json_to_recordset(endings) AS ending (id uuid, fence bigint, seen_started_at bigint, seen_cancel_requested_at bigint,
      next_state smallint, next_run_at bigint, next_failures integer, next_rescues integer, next_errors text, next_snoozes integer,
      reported smallint)),
  freed AS (
    UPDATE job SET place = 2 * lane + CASE WHEN next_rescues > 0 THEN 1 ELSE 0 END, state = next_state, run_at = next_run_at,
      failures = next_failures, rescues = next_rescues, errors = next_errors, outcome = reported, claimed_at = NULL, started_at = NULL,
      snoozes = coalesce(next_snoozes, snoozes), snoozed_at = CASE WHEN next_snoozes IS NOT NULL THEN now_at END
    FROM ending WHERE ${isCurrent('ending')} AND ${SEEN} AND next_state IN (0, 1, 3)
    RETURNING job.id, job.schedule_id, next_state),
  gone AS (
    DELETE FROM job USING ending WHERE ${isCurrent('ending')} AND ${SEEN} AND next_state IN (5, 6)
    RETURNING job.*, next_state, next_failures, next_rescues, next_errors, reported),
  kept AS (
    ${moveToFinished('gone', { ...unsuccessful, state: 'next_state', failures: 'next_failures', rescues: 'next_rescues', errors: 'next_errors', outcome: 'reported', runner: '-place' })}),
  noted AS (${noteOtherEnds('(SELECT schedule_id, next_state FROM freed WHERE next_state = 3 UNION ALL SELECT schedule_id, next_state FROM gone) AS each', 'next_state')})
  SELECT id FROM freed UNION ALL SELECT id FROM gone;
END
$$;
`

export const settling: readonly string[] = [completeJobs, completeWithin, noteSuccess, endAttempts]
