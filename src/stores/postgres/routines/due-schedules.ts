import { SCHEDULE_COLUMNS } from '../../sql/schedule-rows.ts'
import { SETTINGS } from './settings.ts'

export const dueSchedulesRoutine = `
-- Active schedules that are due, and the time; without any, one row with the time alone. skip_share, from 0 to 1, says where
-- among all that is due to begin, at the earliest or somewhere behind: those who begin elsewhere decide other
-- schedules. The order is that of the index, so that however many are due, no more are read than asked for.
CREATE OR REPLACE FUNCTION due_schedules(at bigint, most integer, skip_share double precision)
RETURNS TABLE (now bigint, id text, definition text, phase text, app text, release bigint, revision bigint, valid_from bigint, decided_until bigint,
  next_fire_at bigint, jobs_created bigint, fires bigint, last_job_created_at bigint, orphaned_at bigint, phase_by text, timezone_data text, fired_ahead text, live_jobs bigint)
LANGUAGE plpgsql ${SETTINGS} SET enable_sort = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  due_until bigint := coalesce(at, now_ms());
  passed bigint := 0;
BEGIN
  IF skip_share > 0 THEN
    passed := floor(skip_share * greatest(0, (SELECT count(*) FROM (
      SELECT FROM schedule WHERE phase = 'active' AND next_fire_at <= due_until ORDER BY next_fire_at, id LIMIT 20000) AS due) - most));
  END IF;
  RETURN QUERY SELECT due_until, due.* FROM (VALUES (1)) AS clock LEFT JOIN (
    SELECT ${SCHEDULE_COLUMNS}, (SELECT count(*) FROM job WHERE schedule_id = schedule.id) FROM schedule
    WHERE phase = 'active' AND next_fire_at <= due_until ORDER BY next_fire_at, id OFFSET passed LIMIT most) AS due ON true;
END
$$;
`
