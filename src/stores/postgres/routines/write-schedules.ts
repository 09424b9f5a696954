import { LEDGER_COLUMNS, SCHEDULE_COLUMNS, TIMELINE_COLUMNS } from '../../sql/schedule-rows.ts'
import { SETTINGS } from './settings.ts'

const STATE = `id text, definition text, phase text, app text, release bigint, revision bigint, valid_from bigint, decided_until bigint,
      next_fire_at bigint, jobs_created bigint, fires bigint, last_job_created_at bigint, orphaned_at bigint, phase_by text, timezone_data text, fired_ahead text, pause_note text`
const GUARD =
  'was_decided_until bigint, was_revision bigint, was_jobs_created bigint, was_orphaned_at bigint, was_timezone_data text'
const STANDS = `schedule.id = new.id AND schedule.decided_until = new.was_decided_until AND schedule.revision = new.was_revision
      AND schedule.jobs_created = new.was_jobs_created AND schedule.timezone_data IS NOT DISTINCT FROM new.was_timezone_data
      AND (new.revision = new.was_revision OR schedule.orphaned_at IS NOT DISTINCT FROM new.was_orphaned_at)`

export const writeSchedulesRoutine = `
-- Writes decisions, each of another schedule, and answers the ids of the schedules whose decision was written; null: all.
-- schedule_ids are the ids of the schedules of the jobs, each at the place of its job.
--
-- takes_back is null unless some of them are undecided: then rows of these schedules whose run ends later than after go.
--
-- The update compares and sets (rule 1). Its rows are locked before, in the order of their ids, so that of any number who
-- decide the same ones nobody waits in a circle. Under their lock nobody else writes their ledger; should a row of it be
-- there nevertheless, or one of the jobs, then its unique key sinks the whole.
--
-- The fire times are added to the totals last, so that nobody waits for these rows while a job waits for its unique key.
CREATE OR REPLACE FUNCTION write_schedules(creations json, changes json, ledgers json, timelines json, jobs json, schedule_ids text[], at bigint, takes_back json) RETURNS text[]
LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  written text[];
  -- With what is taken back counted below zero.
  counted json;
BEGIN
  PERFORM FROM json_to_recordset(changes) AS new (id text, revision bigint, ${GUARD}) JOIN schedule ON ${STANDS}
    ORDER BY schedule.id FOR NO KEY UPDATE OF schedule;
  WITH changed AS (
    UPDATE schedule SET definition = coalesce(new.definition, schedule.definition), phase = new.phase, app = new.app, release = new.release,
      revision = new.revision, valid_from = new.valid_from, decided_until = new.decided_until, next_fire_at = new.next_fire_at,
      jobs_created = new.jobs_created, fires = new.fires, last_job_created_at = new.last_job_created_at, phase_by = new.phase_by,
      timezone_data = new.timezone_data, fired_ahead = new.fired_ahead, pause_note = new.pause_note,
      -- A decision that was read before a registration must not undo the mark which that made; a change has to have read it.
      orphaned_at = CASE WHEN schedule.revision = new.revision THEN schedule.orphaned_at ELSE new.orphaned_at END
    FROM json_to_recordset(changes) AS new (${STATE}, ${GUARD}) WHERE ${STANDS} RETURNING schedule.id),
  inserted AS (
    INSERT INTO schedule (${SCHEDULE_COLUMNS}, pause_note) SELECT ${SCHEDULE_COLUMNS}, pause_note FROM json_to_recordset(creations) AS new (${STATE}) ORDER BY id
    ON CONFLICT DO NOTHING RETURNING id)
  SELECT array_agg(id) INTO written FROM (SELECT id FROM changed UNION ALL SELECT id FROM inserted) AS each;
  IF cardinality(written) = json_array_length(creations) + json_array_length(changes) THEN
    written := NULL;
  ELSIF written IS NULL THEN
    RETURN '{}';
  END IF;
  -- Seldom, so that the text is not parsed for it.
  IF strpos(changes::text, '"phase":"removed"') > 0 THEN
    DELETE FROM health WHERE schedule_id = ANY (ARRAY(
      SELECT id FROM json_to_recordset(changes) AS new (id text, phase text) WHERE phase = 'removed' AND (written IS NULL OR id = ANY (written))));
  END IF;
  IF takes_back IS NOT NULL THEN
    -- Runs follow one another without overlapping: the one that begins last before the instant is the first to end later.
    WITH gone AS (
      DELETE FROM ledger USING json_to_recordset(takes_back) AS new (id text, after bigint)
      WHERE schedule_id = new.id AND last_fire_at > new.after AND (written IS NULL OR schedule_id = ANY (written))
      AND fire_at >= coalesce((SELECT max(fire_at) FROM ledger AS earlier WHERE earlier.schedule_id = new.id AND earlier.fire_at <= new.after), 0)
      RETURNING schedule_id, node, outcome, count)
    SELECT json_agg(each) INTO counted FROM (
      SELECT schedule_id, node, outcome, -sum(count) AS n FROM gone GROUP BY schedule_id, node, outcome) AS each;
  END IF;
  WITH new_rows AS (
    INSERT INTO ledger (${LEDGER_COLUMNS}) SELECT ${LEDGER_COLUMNS}
    FROM json_to_recordset(ledgers) AS new (schedule_id text, fire_at bigint, last_fire_at bigint, count bigint, outcome text, job_id uuid,
      decided_at bigint, next_fire_at bigint, revision bigint, timezone_data text, node text)
    WHERE written IS NULL OR schedule_id = ANY (written) RETURNING schedule_id, node, outcome, count)
  SELECT json_agg(each) INTO counted FROM (
    SELECT node, outcome, sum(n) AS n FROM (
      SELECT schedule_id, node, outcome, count AS n FROM new_rows
      UNION ALL SELECT * FROM json_to_recordset(counted) AS gone (schedule_id text, node text, outcome text, n bigint)) AS both_of_them
    -- Of each schedule on its own, once anything is taken back.
    GROUP BY node, outcome, CASE WHEN takes_back IS NOT NULL THEN schedule_id END HAVING sum(n) <> 0) AS each;
  INSERT INTO timeline (${TIMELINE_COLUMNS}) SELECT ${TIMELINE_COLUMNS}
    FROM json_to_recordset(timelines) AS new (schedule_id text, revision bigint, phase text, definition text, valid_from bigint, release bigint, phase_by text)
    WHERE written IS NULL OR schedule_id = ANY (written);
  IF written IS NOT NULL THEN
    jobs := (SELECT coalesce(json_agg(job ORDER BY number), '[]')
      FROM json_array_elements(jobs) WITH ORDINALITY AS each (job, number) WHERE schedule_ids[number] = ANY (written));
  END IF;
  IF json_array_length(jobs) > 0 AND insert_jobs(jobs, at) IS NOT NULL THEN
    RAISE unique_violation USING MESSAGE = 'a job of a schedule is there already, or its unique key is held';
  END IF;
  IF counted IS NOT NULL THEN
    INSERT INTO total (node, kind, name, outcome, n)
      SELECT node, CASE WHEN new.n > 0 THEN 'fire' ELSE 'undecided' END, '', outcome, abs(sum(new.n))
      FROM json_to_recordset(counted) AS new (node text, outcome text, n bigint) GROUP BY 1, 2, 4 ORDER BY 1, 2, 4
    ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = total.n + excluded.n;
  END IF;
  RETURN written;
END
$$;
`
