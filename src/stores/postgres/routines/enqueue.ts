import { UNLIMITED_ATTEMPTS } from '../../../core/job/job.ts'
import { MAX_DURATION_MS } from '../../../core/options/duration-text.ts'
import { MAX_JSON_BYTES } from '../../../core/options/json.ts'
import { firstInstantMs, lastInstantMs } from '../../../core/trigger/instant.ts'
import { WHILE_KEPT, WHILE_WAITING } from '../../../core/job/unique.ts'
import { SETTINGS } from './settings.ts'

const checkName = `
-- As names are checked in code: 1 to 200 characters, no control characters, no blanks at the ends.
CREATE OR REPLACE FUNCTION check_name(what text, name text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF name IS NULL OR char_length(name) NOT BETWEEN 1 AND 200 OR name ~ '[[:cntrl:]]|^[[:space:]]|[[:space:]]$' THEN
    RAISE invalid_parameter_value USING MESSAGE = format(
      '%s is %s; it takes 1 to 200 characters without control characters or blanks at its ends', what, quote_nullable(name));
  END IF;
  RETURN name;
END
$$;
`

const checkRange = `
CREATE OR REPLACE FUNCTION check_range(what text, given bigint, lowest bigint, highest bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF given NOT BETWEEN lowest AND highest THEN
    RAISE invalid_parameter_value USING MESSAGE = format('%s is %s; it takes %s to %s', what, given, lowest, highest);
  END IF;
  RETURN given;
END
$$;
`

const newId = `
-- A UUID of version 7 (RFC 9562, section 6.2, method 3: the twelve bits behind the milliseconds are their fraction), so that the ids
-- of a transaction sort in the order of its calls, and with them the jobs that are due at the same time.
CREATE OR REPLACE FUNCTION new_id() RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  microseconds bigint := floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
  RETURN (lpad(to_hex(microseconds / 1000), 12, '0') || '7' || lpad(to_hex(microseconds % 1000 * 4096 / 1000), 3, '0')
    || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid;
END
$$;
`

const laneNumber = `
-- In the caller's transaction, which may stay open: a lane that is not to be seen yet is made as a copy of its own, for which nobody
-- else has to wait, and which waits for nobody.
CREATE OR REPLACE FUNCTION lane_number(of_task text, of_queue text, of_priority bigint) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  number integer := (SELECT id FROM lane WHERE task = of_task AND queue = of_queue AND priority = of_priority ORDER BY copy LIMIT 1);
BEGIN
  IF number IS NULL THEN
    INSERT INTO lane (task, queue, priority, copy) VALUES (of_task, of_queue, of_priority, 1 + floor(random() * 2147483646)) RETURNING id INTO number;
  END IF;
  RETURN number;
END
$$;
`

const enqueue = `
-- Enqueues for triggers and other languages, within the caller's transaction: rolled back, the job was never there. What
-- code declares of a task is not known here; what is left out is as it is for a task that says nothing. Answers the id of the
-- job, or of the one that holds the unique key: with on_duplicate => 'replace' that one takes over the values, unless it has ever begun.
--
-- Workers look once a second, and find the job then at the latest. With wake they are told of the commit; but a commit that tells
-- takes a lock of which there is one in the whole server, so that many of them wait for one another.
CREATE OR REPLACE FUNCTION enqueue(task text, payload jsonb DEFAULT 'null', queue text DEFAULT NULL, priority integer DEFAULT NULL,
  run_at timestamptz DEFAULT NULL, unique_key text DEFAULT NULL, id uuid DEFAULT NULL, max_attempts integer DEFAULT NULL,
  keep interval DEFAULT NULL, delivery text DEFAULT NULL, wake boolean DEFAULT false,
  unique_while text DEFAULT NULL, unique_for interval DEFAULT NULL, on_duplicate text DEFAULT NULL) RETURNS uuid LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  job_id uuid := coalesce(id, new_id());
  payload_text text := coalesce(payload, 'null')::text;
  known_id uuid;
  is_known boolean;
  new_job json;
  unique_for_ms bigint := floor(extract(epoch FROM unique_for) * 1000)::bigint;
BEGIN
  IF coalesce(unique_while, 'unfinished') NOT IN ('waiting', 'unfinished', 'kept') THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The unique_while of a job is %L; it takes waiting, unfinished or kept', unique_while);
  END IF;
  IF coalesce(on_duplicate, 'skip') NOT IN ('skip', 'replace') THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The on_duplicate of a job is %L; it takes skip or replace', on_duplicate);
  END IF;
  IF unique_key IS NULL AND coalesce(unique_while, on_duplicate, unique_for::text) IS NOT NULL THEN
    RAISE invalid_parameter_value USING MESSAGE = 'unique_while, unique_for and on_duplicate are of use only with a unique_key';
  END IF;
  IF unique_for IS NOT NULL AND coalesce(unique_while, 'unfinished') <> 'unfinished' THEN
    RAISE invalid_parameter_value USING MESSAGE = 'unique_for is of use only with the unique_while unfinished, which may be left out';
  END IF;
  IF unique_for IS NOT NULL THEN
    PERFORM check_range('The milliseconds for which a job holds its key', unique_for_ms, 1, ${MAX_DURATION_MS});
  END IF;
  IF coalesce(delivery, 'at-least-once') NOT IN ('at-least-once', 'at-most-once') THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The delivery of a job is %L; it takes at-least-once or at-most-once', delivery);
  END IF;
  IF NOT (run_at >= to_timestamp(${firstInstantMs / 1000}) AND run_at < to_timestamp(${(lastInstantMs + 1) / 1000})) THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The run_at of a job is %L; it takes an instant from 1970 to 9999', run_at);
  END IF;
  IF keep > interval '1000 years' THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The time for which a job is kept is %L; it takes 1,000 years at the most', keep);
  END IF;
  PERFORM check_range('The number of bytes of a payload', octet_length(payload_text), 0, ${MAX_JSON_BYTES});
  IF unique_key IS NOT NULL THEN
    PERFORM check_name('The unique key of a job', unique_key);
  END IF;
  new_job := json_build_object(
    'id', job_id,
    'lane', lane_number(check_name('The task of a job', task), check_name('The queue of a job', coalesce(queue, 'default')),
      check_range('The priority of a job', coalesce(priority, 0), -100, 100)),
    'run_at', floor(extract(epoch FROM run_at) * 1000)::bigint,
    'payload', payload_text,
    'unique_task', CASE WHEN unique_key IS NOT NULL THEN task END,
    'unique_key', unique_key,
    'unique_until', CASE unique_while WHEN 'waiting' THEN ${WHILE_WAITING} WHEN 'kept' THEN ${WHILE_KEPT} ELSE now_ms() + unique_for_ms END,
    'origin', 0,
    'max_attempts', check_range('The number of attempts of a job', coalesce(nullif(max_attempts, ${UNLIMITED_ATTEMPTS}), 10), 1, 1000)
      + CASE max_attempts WHEN ${UNLIMITED_ATTEMPTS} THEN ${UNLIMITED_ATTEMPTS - 10} ELSE 0 END,
    'delivery', CASE delivery WHEN 'at-most-once' THEN 1 ELSE 0 END,
    'keep_ms', check_range('The milliseconds for which a job is kept',
      greatest(floor(extract(epoch FROM coalesce(keep, interval '7 days')) * 1000)::bigint, unique_for_ms), 0, ${MAX_DURATION_MS}));
  WHILE insert_jobs(json_build_array(new_job), NULL) IS NOT NULL LOOP
    known_id := coalesce(
      (SELECT known.id FROM unfinished_of(ARRAY[job_id]) AS known), (SELECT finished.id FROM finished WHERE finished.id = job_id));
    is_known := known_id IS NOT NULL;
    known_id := coalesce(known_id,
      (SELECT job.id FROM job WHERE job.unique_task = enqueue.task AND job.unique_key = enqueue.unique_key),
      (SELECT finished.id FROM finished WHERE finished.unique_task = enqueue.task AND finished.unique_key = enqueue.unique_key
        AND finished.unique_until > now_ms() LIMIT 1));
    -- Whatever stood in the way may be gone by now; then the insert is tried again.
    IF known_id IS NOT NULL AND (is_known OR on_duplicate IS DISTINCT FROM 'replace' OR replace_job(known_id, new_job, true, NULL) <> 'gone') THEN
      RETURN known_id;
    END IF;
  END LOOP;
  IF wake THEN
    PERFORM pg_notify(current_schema() || '_wake', '');
  END IF;
  RETURN job_id;
END
$$;
`

export const enqueueFunction: readonly string[] = [checkName, checkRange, newId, laneNumber, enqueue]
