import { insertJobsSoon, PATIENCE_MS } from './insert-jobs.ts'
import { SETTINGS } from './settings.ts'
import { isPackedSql, numberOf } from './pack.ts'

/** The same, for items that are tried one by one. */
const SHORT_PATIENCE_MS = 5
/**
 * After this time, items that were not tried yet count as held: others wait for what was written until it is committed.
 */
const MAX_MS = 1_000

const KEY = `(part[1] ->> 'unique_task' || E'\\x1f' || (part[1] ->> 'unique_key'))`

/**
 * The same function, but it fails with `lock_not_available` where another transaction holds what it needs. Then nothing
 * is written.
 */
const soon = (name: string, parameters: string, returns: string): string => {
  const names = parameters.split(', ').map(parameter => parameter.split(' ')[0])
  const call = `${name}(${names.join(', ')})`
  const body = returns.startsWith('SETOF') ? `RETURN QUERY SELECT * FROM ${call}` : `RETURN ${call}`
  return `
-- As ${name}(), but it gives up where another transaction holds what it needs.
CREATE OR REPLACE FUNCTION ${name}_soon(${parameters}) RETURNS ${returns} LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = ${PATIENCE_MS} AS $$
BEGIN
  ${body};
END
$$;
`
}

const insertFreeJobs = `
-- Writes those of the jobs for which nobody has to be waited for, in the order given. Not written is also one whose id or unique
-- key is taken; held is one that another transaction may have written, or may be about to delete.
--
-- What fails is halved until it stands alone. Whoever has a key that was found to be held is held as well.
CREATE OR REPLACE FUNCTION insert_free_jobs(jobs json, at bigint, OUT written uuid[], OUT held uuid[]) LANGUAGE plpgsql ${SETTINGS} SET lock_timeout = ${SHORT_PATIENCE_MS} AS $$
DECLARE
  each json[] := ARRAY(SELECT json_array_elements(jobs));
  until timestamptz := clock_timestamp() + interval '${MAX_MS} ms';
  place integer := 1;
  size integer := cardinality(each);
  part json[];
  new_ids uuid[];
  held_keys text[] := '{}';
BEGIN
  written := '{}';
  held := '{}';
  WHILE place <= cardinality(each) LOOP
    part := each[place:place + size - 1];
    IF clock_timestamp() > until OR size = 1 AND ${KEY} = ANY (held_keys) THEN
      held := held || ARRAY(SELECT (job ->> 'id')::uuid FROM unnest(part) AS job);
      place := place + size;
      CONTINUE;
    END IF;
    BEGIN
      new_ids := insert_jobs(array_to_json(part), at);
      written := written || coalesce(new_ids, ARRAY(SELECT (job ->> 'id')::uuid FROM unnest(part) AS job));
      place := place + size;
      size := size * 2;
    EXCEPTION WHEN lock_not_available THEN
      IF size > 1 THEN
        size := greatest(1, cardinality(part) / 2);
      ELSE
        held := held || (part[1] ->> 'id')::uuid;
        held_keys := held_keys || ${KEY};
        place := place + 1;
      END IF;
    END;
  END LOOP;
END
$$;
`

const heldAttempts = `
-- Of the jobs of attempts those whose row or pack another transaction holds.
CREATE OR REPLACE FUNCTION held_attempts(ids uuid[], fences bigint[]) RETURNS SETOF uuid LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  numbers bigint[] := ARRAY(SELECT DISTINCT ${numberOf('fence')} FROM unnest(fences) AS fence WHERE ${isPackedSql('fence')});
  free_jobs uuid[] := ARRAY(SELECT id FROM job WHERE id = ANY (ids) FOR UPDATE SKIP LOCKED);
  free_packs bigint[] := ARRAY(SELECT number FROM pack WHERE number = ANY (numbers) FOR UPDATE SKIP LOCKED);
BEGIN
  RETURN QUERY SELECT job.id FROM job WHERE job.id = ANY (ids) AND NOT job.id = ANY (free_jobs);
  RETURN QUERY SELECT attempt.id FROM unnest(ids, fences) AS attempt (id, fence)
    JOIN pack ON pack.number = ${numberOf('attempt.fence')} AND ${isPackedSql('attempt.fence')}
    WHERE NOT pack.number = ANY (free_packs);
END
$$;
`

const heldSchedules = `
CREATE OR REPLACE FUNCTION held_schedules(ids text[]) RETURNS SETOF text LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  free_ones text[] := ARRAY(SELECT id FROM schedule WHERE id = ANY (ids) FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
  RETURN QUERY SELECT id FROM schedule WHERE id = ANY (ids) AND NOT id = ANY (free_ones);
END
$$;
`

/**
 * A transaction of the app may stay open for long and hold a job or lock one of our rows. A process that writes for
 * many callers at once must not wait for it: these functions leave out what is held, and report it.
 */
export const sparingRoutines: readonly string[] = [
  insertJobsSoon,
  soon('complete_attempts', 'ids uuid[], fences bigint[], results text[], at bigint', 'uuid[]'),
  soon('end_attempts', 'endings json, at bigint', 'SETOF uuid'),
  soon('unpack_attempts', 'ids uuid[], fences bigint[]', 'integer'),
  soon(
    'write_schedules',
    'creations json, changes json, ledgers json, timelines json, jobs json, schedule_ids text[], at bigint, takes_back json',
    'text[]'
  ),
  insertFreeJobs,
  heldAttempts,
  heldSchedules
]
