-- Books of an earlier layout, as the code of that time made and filled them. A published layout is never changed.
-- The next one is one more file like this: ESCAPEMENT_WRITE_LAYOUT=1 npm test -- tests/stores/postgres/layouts.test.ts tests/stores/sqlite/layouts.test.ts

-- @schema
BEGIN;
SELECT pg_advisory_xact_lock(hashtextextended('escapement migrate {schema}', 0));
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_namespace WHERE '"' || nspname || '"' = '{schema}') THEN CREATE SCHEMA {schema}; END IF; END $$;
SET LOCAL search_path TO {schema}, pg_temp;
CREATE TABLE migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, min_compatible integer NOT NULL, applied_at bigint NOT NULL);
CREATE TABLE store (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  ledger_pruned_until bigint,
  import_of text,
  import_parts bigint
);
INSERT INTO store DEFAULT VALUES;

CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
  $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

-- Times 2048 the greatest is still a number of JavaScript.
CREATE SEQUENCE fence AS bigint MAXVALUE 4398046511103;

CREATE TABLE lane (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  task text COLLATE "C" NOT NULL,
  queue text COLLATE "C" NOT NULL,
  priority smallint NOT NULL,
  copy integer NOT NULL DEFAULT 0,
  UNIQUE (task, queue, priority, copy)
);

CREATE TABLE runner (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  node text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE job (
  id uuid PRIMARY KEY,
  run_at bigint NOT NULL,
  created_at bigint NOT NULL,
  keep_ms bigint NOT NULL,
  fence bigint,
  claimed_at bigint,
  started_at bigint,
  cancel_requested_at bigint,
  fire_at bigint,
  place integer NOT NULL,
  lane integer NOT NULL,
  max_attempts integer NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  rescues integer NOT NULL DEFAULT 0,
  steps integer NOT NULL DEFAULT 0,
  state smallint NOT NULL CHECK (state IN (0, 1, 3)),
  origin smallint NOT NULL,
  delivery smallint NOT NULL,
  outcome smallint,
  payload text NOT NULL,
  unique_task text COLLATE "C",
  unique_key text COLLATE "C",
  schedule_id text COLLATE "C",
  progress text,
  errors text
);
CREATE INDEX job_place ON job (place, run_at, id) WHERE place <> 0;
CREATE UNIQUE INDEX job_unique ON job (unique_task, unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX job_retryable ON job (place, run_at) WHERE state = 3;
CREATE INDEX job_schedule ON job (schedule_id, id) WHERE schedule_id IS NOT NULL;

CREATE TABLE finished (
  id uuid PRIMARY KEY,
  run_at bigint NOT NULL,
  created_at bigint NOT NULL,
  keep_ms bigint NOT NULL,
  fence bigint,
  claimed_at bigint,
  started_at bigint,
  cancel_requested_at bigint,
  fire_at bigint,
  finished_at bigint NOT NULL,
  drop_at bigint,
  lane integer NOT NULL,
  runner integer,
  max_attempts integer NOT NULL,
  failures integer NOT NULL,
  rescues integer NOT NULL,
  steps integer NOT NULL,
  state smallint NOT NULL CHECK (state IN (4, 5, 6)),
  origin smallint NOT NULL,
  delivery smallint NOT NULL,
  outcome smallint,
  payload text NOT NULL,
  unique_key text COLLATE "C",
  schedule_id text COLLATE "C",
  progress text,
  errors text,
  result text
);
CREATE INDEX finished_drop ON finished (drop_at) WHERE drop_at IS NOT NULL;
CREATE INDEX finished_unsuccessful ON finished (finished_at) WHERE drop_at IS NULL;
CREATE INDEX finished_unsuccessful_state ON finished (state, id) WHERE drop_at IS NULL;
CREATE INDEX finished_schedule ON finished (schedule_id, id) WHERE schedule_id IS NOT NULL;

CREATE TABLE step (
  number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  job_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  result text NOT NULL,
  UNIQUE (job_id, name)
);

CREATE TABLE paused_queue (queue text COLLATE "C" PRIMARY KEY, paused_at bigint NOT NULL);

CREATE TABLE schedule (
  id text COLLATE "C" PRIMARY KEY,
  definition text NOT NULL,
  phase text NOT NULL,
  app text COLLATE "C" NOT NULL,
  release bigint NOT NULL,
  revision bigint NOT NULL,
  valid_from bigint NOT NULL,
  decided_until bigint NOT NULL,
  next_fire_at bigint,
  jobs_created bigint NOT NULL,
  fires bigint NOT NULL,
  last_job_created_at bigint,
  orphaned_at bigint,
  phase_by text,
  timezone_data text,
  fired_ahead text
);
CREATE INDEX schedule_aside ON schedule (app, id) WHERE orphaned_at IS NOT NULL OR phase = 'removed' OR phase_by = 'orphans';
CREATE INDEX schedule_due ON schedule (next_fire_at, id) WHERE phase = 'active' AND next_fire_at IS NOT NULL;

CREATE TABLE timeline (
  schedule_id text COLLATE "C" NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  revision bigint NOT NULL,
  phase text NOT NULL,
  definition text NOT NULL,
  valid_from bigint NOT NULL,
  release bigint NOT NULL,
  phase_by text,
  PRIMARY KEY (schedule_id, number)
);

CREATE TABLE ledger (
  schedule_id text COLLATE "C" NOT NULL,
  fire_at bigint NOT NULL,
  last_fire_at bigint NOT NULL,
  count bigint NOT NULL,
  outcome text NOT NULL,
  job_id uuid,
  decided_at bigint NOT NULL,
  next_fire_at bigint,
  revision bigint NOT NULL,
  timezone_data text NOT NULL,
  node text NOT NULL,
  PRIMARY KEY (schedule_id, fire_at)
);
CREATE INDEX ledger_age ON ledger (last_fire_at);

CREATE TABLE registration (app text COLLATE "C" PRIMARY KEY, release bigint NOT NULL, hash text NOT NULL);

CREATE TABLE declared_set (
  app text COLLATE "C" NOT NULL,
  hash text NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  members text,
  PRIMARY KEY (app, hash)
);

CREATE TABLE node (
  number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id text COLLATE "C" NOT NULL UNIQUE,
  host text NOT NULL,
  pid integer NOT NULL,
  boot_id text NOT NULL,
  roles text NOT NULL,
  tasks text NOT NULL,
  declares text NOT NULL,
  release bigint NOT NULL,
  version text NOT NULL,
  timezone_data text NOT NULL,
  counter bigint NOT NULL,
  phase text NOT NULL,
  started_at bigint NOT NULL,
  renewed_at bigint NOT NULL,
  ended_at bigint
) WITH (fillfactor = 50);

CREATE TABLE seat (
  seat text COLLATE "C" PRIMARY KEY,
  term bigint NOT NULL,
  counter bigint NOT NULL,
  ttl_ms bigint NOT NULL,
  holder text,
  host text NOT NULL,
  pid integer NOT NULL,
  elected_at bigint NOT NULL,
  renewed_at bigint NOT NULL
);

CREATE TABLE pack (
  number bigint PRIMARY KEY,
  runner integer NOT NULL,
  claimed_at bigint NOT NULL,
  -- New ids are greater than those that were claimed: who looks whether one is packed seldom looks further.
  greatest_id uuid NOT NULL,
  remaining integer NOT NULL,
  is_kept boolean NOT NULL,
  gone bit varying NOT NULL,
  ids uuid[] NOT NULL,
  jobs job[] NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX pack_greatest_id ON pack (greatest_id);
CREATE INDEX pack_runner ON pack (runner);
ALTER TABLE pack ALTER gone SET STORAGE PLAIN, ALTER ids SET STORAGE EXTERNAL;
DO $$
BEGIN
  EXECUTE 'ALTER TABLE pack ALTER jobs SET COMPRESSION lz4';
EXCEPTION WHEN syntax_error OR feature_not_supported THEN
  -- Before version 14, or built without it: what else there is would take longer than the rest of a claim.
  ALTER TABLE pack ALTER jobs SET STORAGE EXTERNAL;
END
$$;

CREATE VIEW unfinished AS
  SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors, false AS is_packed FROM job
  UNION ALL SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | job.ordinality) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors, true FROM pack CROSS JOIN LATERAL unnest(pack.jobs) WITH ORDINALITY AS job WHERE get_bit(gone, job.ordinality::integer - 1) = 0;

CREATE FUNCTION unfinished_of(wanted uuid[]) RETURNS SETOF job LANGUAGE sql STABLE SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
  SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors FROM job WHERE id = ANY (wanted)
  UNION ALL SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | job.ordinality) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors FROM pack CROSS JOIN LATERAL unnest(pack.jobs) WITH ORDINALITY AS job WHERE pack.greatest_id >= (SELECT id FROM unnest(wanted) AS id ORDER BY id LIMIT 1) AND pack.ids && wanted AND job.id = ANY (wanted) AND get_bit(gone, job.ordinality::integer - 1) = 0
$$;

CREATE FUNCTION marked(size integer, positions integer[]) RETURNS bit varying LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  mark bit varying := repeat('0', size)::bit varying;
  each integer;
BEGIN
  FOREACH each IN ARRAY positions LOOP
    mark := set_bit(mark, each - 1, 1);
  END LOOP;
  RETURN mark;
END
$$;

CREATE FUNCTION remove_from_pack(of bigint, mark bit varying, ended integer) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  DELETE FROM pack WHERE number = of AND remaining = ended;
  IF NOT FOUND THEN
    UPDATE pack SET gone = gone | mark, remaining = remaining - ended WHERE number = of;
  END IF;
END
$$;

CREATE FUNCTION unpack_at(of bigint, positions integer[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  INSERT INTO job (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors) SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | job.ordinality) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors FROM pack CROSS JOIN LATERAL unnest(pack.jobs) WITH ORDINALITY AS job WHERE pack.number = of AND job.ordinality = ANY (positions)
  ON CONFLICT DO NOTHING;
  PERFORM remove_from_pack(of, marked((SELECT length(gone) FROM pack WHERE number = of), positions), cardinality(positions));
END
$$;

CREATE FUNCTION unpack_attempts(ids uuid[], fences bigint[]) RETURNS integer LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  each record;
  held uuid[];
  places integer[];
  unpacked integer := 0;
BEGIN
  FOR each IN SELECT pack.number, pack.gone, pack.ids, pack.is_kept FROM pack
    WHERE pack.number = ANY (ARRAY(SELECT DISTINCT fence >> 11 FROM unnest(fences) AS fence WHERE fence & 1024 <> 0))
    ORDER BY pack.number FOR UPDATE LOOP
    held := each.ids;
    places := ARRAY(
      SELECT place::integer FROM unnest(ids, fences) WITH ORDINALITY AS attempt (id, fence, place)
      WHERE fence & 1024 <> 0 AND fence >> 11 = each.number AND attempt.id = held[(fence & 1023)::integer]
        AND get_bit(each.gone, (fence & 1023)::integer - 1) = 0);
    CONTINUE WHEN places = '{}';
    PERFORM unpack_at(each.number, ARRAY(SELECT (fences[place] & 1023)::integer FROM unnest(places) AS place));
    unpacked := unpacked + cardinality(places);
  END LOOP;
  RETURN unpacked;
END
$$;

CREATE FUNCTION unpack_jobs(wanted uuid[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  each record;
BEGIN
  FOR each IN SELECT pack.number, pack.gone, pack.ids FROM pack
    WHERE pack.greatest_id >= (SELECT id FROM unnest(wanted) AS id ORDER BY id LIMIT 1) AND pack.ids && wanted AND EXISTS (
      SELECT FROM unnest(ids) WITH ORDINALITY AS held (id, position) WHERE held.id = ANY (wanted) AND get_bit(gone, position::integer - 1) = 0)
    ORDER BY number FOR UPDATE
  LOOP
    PERFORM unpack_at(each.number, positions) FROM (
      SELECT array_agg(position::integer) AS positions FROM unnest(each.ids) WITH ORDINALITY AS held (id, position)
      WHERE id = ANY (wanted) AND get_bit(each.gone, position::integer - 1) = 0) AS found WHERE positions IS NOT NULL;
  END LOOP;
END
$$;

CREATE FUNCTION unpack_stranded(most integer) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  each record;
  room integer := most;
BEGIN
  FOR each IN SELECT pack.number, pack.gone, pack.remaining, cardinality(pack.ids) AS size FROM pack
    WHERE NOT EXISTS (SELECT FROM runner JOIN node ON node.id = runner.node WHERE runner.id = pack.runner AND node.phase = 'alive')
    ORDER BY number FOR UPDATE OF pack SKIP LOCKED
  LOOP
    EXIT WHEN room <= 0;
    PERFORM unpack_at(each.number, ARRAY(
      SELECT position FROM generate_series(1, each.size) AS position WHERE get_bit(each.gone, position - 1) = 0));
    room := room - each.remaining;
  END LOOP;
END
$$;

CREATE FUNCTION complete_attempts(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
  each record;
  held uuid[];
  places integer[];
  positions integer[];
  -- Lists that are variables are searched by their numbers, without being read from the start.
  packed job[];
  given text[] := results;
  ended integer[] := '{}';
  rest integer[];
  completed uuid[];
BEGIN
  FOR each IN SELECT pack.number, pack.gone, pack.ids, pack.is_kept FROM pack
    WHERE pack.number = ANY (ARRAY(SELECT DISTINCT fence >> 11 FROM unnest(fences) AS fence WHERE fence & 1024 <> 0))
    ORDER BY pack.number FOR UPDATE LOOP
    held := each.ids;
    places := ARRAY(
      SELECT place::integer FROM unnest(ids, fences) WITH ORDINALITY AS attempt (id, fence, place)
      WHERE fence & 1024 <> 0 AND fence >> 11 = each.number AND attempt.id = held[(fence & 1023)::integer]
        AND get_bit(each.gone, (fence & 1023)::integer - 1) = 0);
    CONTINUE WHEN places = '{}';
    positions := ARRAY(SELECT (fences[place] & 1023)::integer FROM unnest(places) AS place);
    IF each.is_kept THEN
      packed := (SELECT jobs FROM pack WHERE number = each.number);
      WITH gone AS (
        SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | positions[job.ordinality]) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors, given[places[job.ordinality]] AS result
        FROM pack CROSS JOIN unnest(ARRAY(SELECT packed[position] FROM unnest(positions) AS position)) WITH ORDINALITY AS job
        WHERE pack.number = each.number)
      INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, now_at, now_at + keep_ms, lane, -place, max_attempts, failures, rescues, steps, 4, origin, delivery, 0, payload, unique_key, schedule_id, progress, errors, result FROM gone WHERE keep_ms > 0;
    END IF;
    PERFORM remove_from_pack(each.number, marked(length(each.gone), positions), cardinality(positions));
    ended := ended || places;
  END LOOP;
  IF cardinality(ended) = cardinality(ids) THEN
    RETURN NULL;
  END IF;
  rest := ARRAY(
    SELECT place FROM (SELECT generate_subscripts(ids, 1) AS place EXCEPT SELECT unnest(ended)) AS others ORDER BY ids[place]);
  completed := complete_jobs(ARRAY(SELECT ids[place] FROM unnest(rest) AS place), ARRAY(SELECT fences[place] FROM unnest(rest) AS place),
    CASE WHEN results IS NOT NULL THEN ARRAY(SELECT results[place] FROM unnest(rest) AS place) END, now_at);
  IF completed IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN completed || ARRAY(SELECT ids[place] FROM unnest(ended) AS place);
END
$$;

CREATE FUNCTION insert_jobs(jobs json, at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  inserted_at bigint := coalesce(at, now_ms());
  new_ids uuid[];
BEGIN
  WITH inserted AS (
    INSERT INTO job (id, run_at, created_at, keep_ms, fire_at, place, lane, max_attempts, state, origin, delivery, payload,
      unique_task, unique_key, schedule_id)
    SELECT new.id, greatest(new.run_at, inserted_at), inserted_at, new.keep_ms, new.fire_at, 2 * new.lane, new.lane, new.max_attempts,
      CASE WHEN new.run_at > inserted_at THEN 0 ELSE 1 END, new.origin, new.delivery, new.payload,
      new.unique_task, new.unique_key, new.schedule_id
    FROM json_to_recordset(jobs) AS new (id uuid, lane integer, run_at bigint, payload text, unique_task text, unique_key text,
      schedule_id text, fire_at bigint, origin smallint, max_attempts integer, delivery smallint, keep_ms bigint)
    ON CONFLICT DO NOTHING RETURNING id)
  SELECT array_agg(id) INTO new_ids FROM inserted;
  DELETE FROM job WHERE id = ANY (ARRAY(
    SELECT id FROM finished WHERE id = ANY (new_ids)
    UNION ALL SELECT held.id FROM pack CROSS JOIN LATERAL unnest(ids) WITH ORDINALITY AS held (id, position)
    WHERE greatest_id >= (SELECT id FROM unnest(new_ids) AS id ORDER BY id LIMIT 1)
      AND held.id >= (SELECT id FROM unnest(new_ids) AS id ORDER BY id LIMIT 1) AND held.id <= (SELECT id FROM unnest(new_ids) AS id ORDER BY id DESC LIMIT 1)
      AND held.id = ANY (new_ids) AND get_bit(gone, position::integer - 1) = 0));
  IF FOUND THEN
    SELECT array_agg(id) INTO new_ids FROM job WHERE id = ANY (new_ids);
  END IF;
  RETURN CASE WHEN cardinality(new_ids) = json_array_length(jobs) THEN NULL ELSE coalesce(new_ids, '{}') END;
END
$$;

CREATE FUNCTION check_name(what text, name text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF name IS NULL OR char_length(name) NOT BETWEEN 1 AND 200 OR name ~ '[[:cntrl:]]|^[[:space:]]|[[:space:]]$' THEN
    RAISE invalid_parameter_value USING MESSAGE = format(
      '%s is %s; it takes 1 to 200 characters without control characters or blanks at its ends', what, quote_nullable(name));
  END IF;
  RETURN name;
END
$$;

CREATE FUNCTION check_range(what text, given bigint, lowest bigint, highest bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF given NOT BETWEEN lowest AND highest THEN
    RAISE invalid_parameter_value USING MESSAGE = format('%s is %s; it takes %s to %s', what, given, lowest, highest);
  END IF;
  RETURN given;
END
$$;

CREATE FUNCTION new_id() RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  microseconds bigint := floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
  RETURN (lpad(to_hex(microseconds / 1000), 12, '0') || '7' || lpad(to_hex(microseconds % 1000 * 4096 / 1000), 3, '0')
    || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid;
END
$$;

CREATE FUNCTION lane_number(of_task text, of_queue text, of_priority bigint) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  number integer := (SELECT id FROM lane WHERE task = of_task AND queue = of_queue AND priority = of_priority ORDER BY copy LIMIT 1);
BEGIN
  IF number IS NULL THEN
    INSERT INTO lane (task, queue, priority, copy) VALUES (of_task, of_queue, of_priority, 1 + floor(random() * 2147483646)) RETURNING id INTO number;
  END IF;
  RETURN number;
END
$$;

CREATE FUNCTION enqueue(task text, payload jsonb DEFAULT 'null', queue text DEFAULT NULL, priority integer DEFAULT NULL,
  run_at timestamptz DEFAULT NULL, unique_key text DEFAULT NULL, id uuid DEFAULT NULL, max_attempts integer DEFAULT NULL,
  keep interval DEFAULT NULL, delivery text DEFAULT NULL, wake boolean DEFAULT false) RETURNS uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  job_id uuid := coalesce(id, new_id());
  payload_text text := coalesce(payload, 'null')::text;
  known_id uuid;
  new_job json;
BEGIN
  IF coalesce(delivery, 'at-least-once') NOT IN ('at-least-once', 'at-most-once') THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The delivery of a job is %L; it takes at-least-once or at-most-once', delivery);
  END IF;
  IF NOT (run_at >= to_timestamp(0) AND run_at < to_timestamp(253402300800)) THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The run_at of a job is %L; it takes an instant from 1970 to 9999', run_at);
  END IF;
  IF keep > interval '1000 years' THEN
    RAISE invalid_parameter_value USING MESSAGE = format('The time for which a job is kept is %L; it takes 1,000 years at the most', keep);
  END IF;
  PERFORM check_range('The number of bytes of a payload', octet_length(payload_text), 0, 1000000);
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
    'origin', 0,
    'max_attempts', check_range('The number of attempts of a job', coalesce(max_attempts, 10), 1, 1000),
    'delivery', CASE delivery WHEN 'at-most-once' THEN 1 ELSE 0 END,
    'keep_ms', check_range('The milliseconds for which a job is kept',
      floor(extract(epoch FROM coalesce(keep, interval '7 days')) * 1000)::bigint, 0, 31557600000000));
  WHILE insert_jobs(json_build_array(new_job), NULL) IS NOT NULL LOOP
    known_id := coalesce(
      (SELECT known.id FROM unfinished_of(ARRAY[job_id]) AS known), (SELECT finished.id FROM finished WHERE finished.id = job_id),
      (SELECT job.id FROM job WHERE job.unique_task = enqueue.task AND job.unique_key = enqueue.unique_key));
    -- Whatever stood in the way may be gone by now; then the insert is tried again.
    IF known_id IS NOT NULL THEN
      RETURN known_id;
    END IF;
  END LOOP;
  IF wake THEN
    PERFORM pg_notify(current_schema() || '_wake', '');
  END IF;
  RETURN job_id;
END
$$;

CREATE TYPE head AS (place integer, priority smallint, run_at bigint, id uuid);

CREATE FUNCTION waiting_heads(tasks text[], queues text[]) RETURNS head[] LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  heads head[] := '{}';
  found head[];
  last_place integer := 0;
  step integer := 8;
BEGIN
  LOOP
    found := ARRAY(
      SELECT DISTINCT ON (place) ROW (place, 0, run_at, id)::head FROM (
        SELECT place, run_at, id FROM job WHERE place > last_place AND place <> 0 ORDER BY place, run_at, id LIMIT step) AS next);
    EXIT WHEN found = '{}';
    heads := heads || ARRAY(
      SELECT ROW (first.place, lane.priority, first.run_at, first.id)::head FROM unnest(found) AS first (place, priority, run_at, id)
      CROSS JOIN LATERAL (SELECT * FROM lane WHERE lane.id = first.place / 2 OFFSET 0) AS lane
      WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues))
        AND NOT EXISTS (SELECT FROM paused_queue WHERE paused_queue.queue = lane.queue));
    last_place := (found[cardinality(found)]).place;
    step := CASE WHEN cardinality(found) = step THEN least(2 * step, 1024) ELSE greatest(8, 2 * cardinality(found)) END;
  END LOOP;
  RETURN heads;
END
$$;

CREATE FUNCTION share_out(heads head[], now_at bigint, most integer, aging bigint) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  shares integer[] := array_fill(0, ARRAY[cardinality(heads)]);
  last_rank bigint;
  number integer;
BEGIN
  IF cardinality(heads) >= most THEN
    last_rank := (SELECT run_at + priority * aging AS rank FROM unnest(heads) ORDER BY rank, id OFFSET most - 1 LIMIT 1);
  END IF;
  FOR number IN
    SELECT due.number FROM unnest(heads) WITH ORDINALITY AS due (place, priority, run_at, id, number) CROSS JOIN LATERAL (
      SELECT run_at, id FROM job WHERE place = due.place AND place <> 0 AND (run_at, id) >= (due.run_at, due.id) 
        AND run_at <= least(now_at, last_rank - due.priority * aging)
      ORDER BY run_at, id LIMIT most) AS next
    ORDER BY next.run_at + due.priority * aging, next.id LIMIT most
  LOOP
    shares[number] := shares[number] + 1;
  END LOOP;
  RETURN shares;
END
$$;

CREATE FUNCTION claim(runner integer, tasks text[], queues text[], most integer, takes_solo boolean, at bigint, floors json,
  pack_from integer DEFAULT NULL, aging bigint DEFAULT NULL)
RETURNS TABLE (id uuid, fence bigint, lane integer, payload text, run_at bigint, schedule_id text, fire_at bigint,
  delivery smallint, failures integer, max_attempts integer, rescues integer) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET enable_sort = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  now_at bigint := coalesce(at, now_ms());
  began_at timestamptz := clock_timestamp();
  pages bigint := -pg_stat_get_xact_blocks_fetched('job'::regclass);
  heads head[];
  has_few boolean := (SELECT count(*) <= 64 FROM (
    SELECT FROM lane WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues)) LIMIT 64 + 1) AS known);
  look_us integer;
  due head[];
  turn integer;
  shares integer[];
  taken tid[];
  room integer := most;
  passed integer := 0;
  pack_number bigint;
  packed integer;
  is_alone boolean := false;
  is_short boolean := false;
  next_run_at bigint;
  solo_since bigint;
BEGIN
  IF has_few THEN
    heads := ARRAY(
      SELECT ROW (each.place, priority, first.run_at, first.id)::head
      FROM lane CROSS JOIN LATERAL (VALUES (2 * lane.id), (2 * lane.id + 1)) AS each (place)
      LEFT JOIN json_to_recordset(floors) AS floor (place integer, run_at bigint, id uuid) ON floor.place = each.place
      CROSS JOIN LATERAL (
        SELECT CASE WHEN floor.place IS NULL THEN 0 ELSE least(floor.run_at, now_at - 200) END,
          CASE WHEN floor.run_at <= now_at - 200 THEN floor.id ELSE '00000000-0000-0000-0000-000000000000' END) AS start (run_at, id)
      LEFT JOIN LATERAL (
        SELECT run_at, id FROM job WHERE job.place = each.place AND job.place <> 0 AND (run_at, id) >= (start.run_at, start.id)
        ORDER BY run_at, id LIMIT 1) AS first ON true
      WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues))
        AND NOT EXISTS (SELECT FROM paused_queue WHERE paused_queue.queue = lane.queue));
  ELSE
    heads := waiting_heads(tasks, queues);
  END IF;
  look_us := extract(epoch FROM clock_timestamp() - began_at) * 1000000;
  pages := pages + pg_stat_get_xact_blocks_fetched('job'::regclass);
  -- The first jobs of so many places are enough, unless other claims have locked them.
  LOOP
    FOR due, turn IN
      WITH seen AS (
        SELECT each, place, CASE WHEN aging IS NULL THEN priority END AS level, run_at + priority * coalesce(aging, 0) AS rank, id
        FROM unnest(heads) AS each WHERE run_at <= now_at),
      ready AS (SELECT * FROM seen WHERE place % 2 = 0 ORDER BY level, rank, id OFFSET passed LIMIT most)
      SELECT list, number FROM (
        SELECT ARRAY[each] AS list, 1 AS number, level, rank, id FROM seen WHERE takes_solo AND passed = 0 AND place % 2 = 1
        UNION ALL SELECT array_agg(each), 2, level, 0, NULL FROM ready GROUP BY level
        UNION ALL SELECT ARRAY[each], 3, level, rank, id FROM ready) AS turns
      ORDER BY number > 1, level, number, rank, id
    LOOP
      EXIT WHEN room <= 0 OR is_alone;
      CONTINUE WHEN turn = 3 AND NOT is_short;
      shares := CASE WHEN turn = 1 THEN ARRAY[1] WHEN cardinality(due) = 1 THEN ARRAY[room] ELSE share_out(due, now_at, room, coalesce(aging, 0)) END;
      taken := ARRAY(
        SELECT first.row FROM unnest(due, shares) AS seen (place, priority, run_at, id, share) CROSS JOIN LATERAL (
          SELECT ctid AS row FROM job WHERE share > 0 AND place = seen.place AND place <> 0 AND (run_at, id) >= (seen.run_at, seen.id) AND run_at <= now_at
          ORDER BY run_at, id LIMIT share FOR UPDATE SKIP LOCKED) AS first);
      is_short := is_short AND turn = 3
        OR cardinality(due) > 1 AND cardinality(taken) < (SELECT sum(share) FROM unnest(shares) AS share);
      CONTINUE WHEN taken = '{}';
      -- Drawn under the lock of its row, a fence is greater than every one that the job had before (rule 7).
      packed := 0;
      IF turn > 1 AND cardinality(taken) BETWEEN pack_from AND 1023 THEN
        pack_number := nextval('fence');
        RETURN QUERY 
      WITH gone AS (
        DELETE FROM job WHERE ctid = ANY (taken) AND unique_key IS NULL AND schedule_id IS NULL AND steps = 0 AND delivery = 0 AND errors IS NULL AND progress IS NULL
      AND octet_length(payload) <= 2000 AND strpos(payload, E'\x1e') = 0
        RETURNING job AS whole, id, lane, payload, run_at, keep_ms, failures, max_attempts, rescues),
      packed AS (
        INSERT INTO pack (number, runner, claimed_at, greatest_id, remaining, is_kept, gone, ids, jobs)
        SELECT pack_number, runner, now_at, (SELECT id FROM unnest(ids) AS id ORDER BY id DESC LIMIT 1), cardinality(ids), is_kept, repeat('0', cardinality(ids))::bit varying, ids, jobs
        FROM (SELECT array_agg(id) AS ids, array_agg(whole) AS jobs, bool_or(keep_ms > 0) AS is_kept FROM gone) AS all_of_them WHERE ids IS NOT NULL)
      SELECT NULL::uuid, (pack_number << 11 | 1024 | 0), NULL::integer, string_agg(id::text || run_at || ' ' || lane || ' ' || max_attempts || ' ' || failures || ' ' || rescues || ' ' || payload, E'\x1e'),
        NULL::bigint, NULL::text, NULL::bigint, NULL::smallint, NULL::integer, NULL::integer, NULL::integer
      FROM gone HAVING count(*) > 0;
        packed := coalesce((SELECT remaining FROM pack WHERE number = pack_number), 0);
      END IF;
      IF packed < cardinality(taken) THEN
        RETURN QUERY UPDATE job SET place = -runner, fence = nextval('fence') << 11, claimed_at = now_at WHERE ctid = ANY (taken)
          RETURNING id, fence, lane, payload, run_at, schedule_id, fire_at, delivery, failures, max_attempts, rescues;
      END IF;
      room := room - cardinality(taken);
      is_alone := turn = 1;
    END LOOP;
    passed := passed + most;
    EXIT WHEN room <= 0 OR is_alone OR passed >= (SELECT count(*) FROM unnest(heads) WHERE place % 2 = 0 AND run_at <= now_at);
  END LOOP;
  IF room > 0 AND NOT (is_alone AND EXISTS (SELECT FROM unnest(heads) WHERE place % 2 = 0 AND run_at <= now_at)) THEN
    next_run_at := (
      SELECT min(CASE WHEN seen.run_at > now_at THEN seen.run_at ELSE (
        SELECT run_at FROM job WHERE place = seen.place AND place <> 0 AND run_at > now_at ORDER BY run_at, id LIMIT 1) END)
      FROM unnest(heads) AS seen WHERE seen.run_at IS NOT NULL);
  END IF;
  solo_since := (
    SELECT min(first.run_at) FROM unnest(heads) AS seen CROSS JOIN LATERAL (
      SELECT run_at FROM job WHERE place = seen.place AND place <> 0 AND run_at <= now_at ORDER BY run_at, id LIMIT 1) AS first
    WHERE seen.place % 2 = 1 AND seen.run_at <= now_at);
  id := NULL;
  payload := json_build_object('nextRunAt', next_run_at, 'soloSince', solo_since, 'look',
    CASE WHEN has_few AND (pages > 128 OR floors IS NOT NULL) THEN json_build_object('us', look_us, 'now', now_at, 'heads',
      (SELECT json_agg(seen) FROM unnest(heads) AS seen WHERE place % 2 = 0)) END);
  RETURN NEXT;
END
$$;

CREATE FUNCTION complete_jobs(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
  dropped uuid[];
  completed uuid[];
BEGIN
  WITH gone AS (
    DELETE FROM job USING unnest(ids, fences) AS attempt (id, fence)
    WHERE job.id = ANY (ARRAY[attempt.id]) AND job.fence = attempt.fence AND job.place + 0 < 0 AND keep_ms <= 0 AND steps = 0 RETURNING job.id)
  SELECT array_agg(id) INTO dropped FROM gone;
  IF cardinality(dropped) = cardinality(ids) THEN
    RETURN NULL;
  END IF;
  WITH gone AS (
    DELETE FROM job USING unnest(ids, fences, results) AS attempt (id, fence, result)
    WHERE job.id = ANY (ARRAY[attempt.id]) AND job.fence = attempt.fence AND job.place + 0 < 0 RETURNING job.*, attempt.result),
  kept AS (
    INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, now_at, now_at + keep_ms, lane, -place, max_attempts, failures, rescues, steps, 4, origin, delivery, 0, payload, unique_key, schedule_id, progress, errors, result FROM gone WHERE keep_ms > 0),
  forgotten AS (
    DELETE FROM step USING gone WHERE step.job_id = gone.id AND gone.steps > 0 AND gone.keep_ms <= 0)
  SELECT coalesce(dropped, '{}') || coalesce(array_agg(id), '{}') INTO completed FROM gone;
  RETURN CASE WHEN cardinality(completed) < cardinality(ids) THEN completed END;
END
$$;

CREATE FUNCTION end_attempts(endings json, at bigint) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  RETURN QUERY WITH ending AS MATERIALIZED (
    SELECT * FROM json_to_recordset(endings) AS ending (id uuid, fence bigint, seen_started_at bigint, seen_cancel_requested_at bigint,
      next_state smallint, next_run_at bigint, next_failures integer, next_rescues integer, next_errors text, reported smallint)),
  freed AS (
    UPDATE job SET place = 2 * lane + CASE WHEN next_rescues > 0 THEN 1 ELSE 0 END, state = next_state, run_at = next_run_at,
      failures = next_failures, rescues = next_rescues, errors = next_errors, outcome = reported, claimed_at = NULL, started_at = NULL
    FROM ending WHERE job.id = ANY (ARRAY[ending.id]) AND job.fence = ending.fence AND job.place + 0 < 0 AND started_at IS NOT DISTINCT FROM seen_started_at AND cancel_requested_at IS NOT DISTINCT FROM seen_cancel_requested_at AND next_state IN (1, 3)
    RETURNING job.id),
  gone AS (
    DELETE FROM job USING ending WHERE job.id = ANY (ARRAY[ending.id]) AND job.fence = ending.fence AND job.place + 0 < 0 AND started_at IS NOT DISTINCT FROM seen_started_at AND cancel_requested_at IS NOT DISTINCT FROM seen_cancel_requested_at AND next_state IN (5, 6)
    RETURNING job.*, next_state, next_failures, next_rescues, next_errors, reported),
  kept AS (
    INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, now_at, NULL, lane, -place, max_attempts, next_failures, next_rescues, steps, next_state, origin, delivery, reported, payload, unique_key, schedule_id, progress, next_errors, NULL FROM gone)
  SELECT id FROM freed UNION ALL SELECT id FROM gone;
END
$$;

CREATE FUNCTION cancel_jobs(ids uuid[], at bigint) RETURNS TABLE (id uuid, is_running boolean) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
    INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, now_at, fire_at, now_at, NULL, lane, NULL, max_attempts, failures, rescues, steps, 5, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, NULL FROM gone)
  SELECT id, false FROM gone;
END
$$;

CREATE FUNCTION retry_job(of uuid, was_decided_until bigint, was_revision bigint, was_jobs_created bigint, at bigint) RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
    payload, unique_task, unique_key, schedule_id)
  VALUES (of, now_at, was.created_at, was.keep_ms, was.fence, was.fire_at, 2 * was.lane, was.lane, was.max_attempts, was.steps, 1,
    was.origin, was.delivery, was.outcome, was.payload,
    CASE WHEN was.unique_key IS NOT NULL THEN (SELECT task FROM lane WHERE id = was.lane) END, was.unique_key, was.schedule_id)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN 'conflict';
  END IF;
  UPDATE schedule SET jobs_created = jobs_created + 1 WHERE id = was.schedule_id AND was_revision IS NOT NULL;
  DELETE FROM finished WHERE id = of;
  RETURN 'retried';
END
$$;

CREATE FUNCTION write_schedules(creations json, changes json, ledgers json, timelines json, jobs json, schedule_ids text[], at bigint, takes_back json) RETURNS text[]
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  written text[];
BEGIN
  PERFORM FROM json_to_recordset(changes) AS new (id text, revision bigint, was_decided_until bigint, was_revision bigint, was_jobs_created bigint, was_orphaned_at bigint, was_timezone_data text) JOIN schedule ON schedule.id = new.id AND schedule.decided_until = new.was_decided_until AND schedule.revision = new.was_revision
      AND schedule.jobs_created = new.was_jobs_created AND schedule.timezone_data IS NOT DISTINCT FROM new.was_timezone_data
      AND (new.revision = new.was_revision OR schedule.orphaned_at IS NOT DISTINCT FROM new.was_orphaned_at)
    ORDER BY schedule.id FOR NO KEY UPDATE OF schedule;
  WITH changed AS (
    UPDATE schedule SET definition = coalesce(new.definition, schedule.definition), phase = new.phase, app = new.app, release = new.release,
      revision = new.revision, valid_from = new.valid_from, decided_until = new.decided_until, next_fire_at = new.next_fire_at,
      jobs_created = new.jobs_created, fires = new.fires, last_job_created_at = new.last_job_created_at, phase_by = new.phase_by,
      timezone_data = new.timezone_data, fired_ahead = new.fired_ahead,
      -- A decision that was read before a registration must not undo the mark which that made; a change has to have read it.
      orphaned_at = CASE WHEN schedule.revision = new.revision THEN schedule.orphaned_at ELSE new.orphaned_at END
    FROM json_to_recordset(changes) AS new (id text, definition text, phase text, app text, release bigint, revision bigint, valid_from bigint, decided_until bigint,
      next_fire_at bigint, jobs_created bigint, fires bigint, last_job_created_at bigint, orphaned_at bigint, phase_by text, timezone_data text, fired_ahead text, was_decided_until bigint, was_revision bigint, was_jobs_created bigint, was_orphaned_at bigint, was_timezone_data text) WHERE schedule.id = new.id AND schedule.decided_until = new.was_decided_until AND schedule.revision = new.was_revision
      AND schedule.jobs_created = new.was_jobs_created AND schedule.timezone_data IS NOT DISTINCT FROM new.was_timezone_data
      AND (new.revision = new.was_revision OR schedule.orphaned_at IS NOT DISTINCT FROM new.was_orphaned_at) RETURNING schedule.id),
  inserted AS (
    INSERT INTO schedule (id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead) SELECT id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead FROM json_to_recordset(creations) AS new (id text, definition text, phase text, app text, release bigint, revision bigint, valid_from bigint, decided_until bigint,
      next_fire_at bigint, jobs_created bigint, fires bigint, last_job_created_at bigint, orphaned_at bigint, phase_by text, timezone_data text, fired_ahead text) ORDER BY id
    ON CONFLICT DO NOTHING RETURNING id)
  SELECT array_agg(id) INTO written FROM (SELECT id FROM changed UNION ALL SELECT id FROM inserted) AS each;
  IF cardinality(written) = json_array_length(creations) + json_array_length(changes) THEN
    written := NULL;
  ELSIF written IS NULL THEN
    RETURN '{}';
  END IF;
  IF takes_back IS NOT NULL THEN
    -- Runs follow one another without overlapping: the one that begins last before the instant is the first to end later.
    DELETE FROM ledger USING json_to_recordset(takes_back) AS new (id text, after bigint)
      WHERE schedule_id = new.id AND last_fire_at > new.after AND (written IS NULL OR schedule_id = ANY (written))
      AND fire_at >= coalesce((SELECT max(fire_at) FROM ledger AS earlier WHERE earlier.schedule_id = new.id AND earlier.fire_at <= new.after), 0);
  END IF;
  INSERT INTO ledger (schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node) SELECT schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node
    FROM json_to_recordset(ledgers) AS new (schedule_id text, fire_at bigint, last_fire_at bigint, count bigint, outcome text, job_id uuid,
      decided_at bigint, next_fire_at bigint, revision bigint, timezone_data text, node text)
    WHERE written IS NULL OR schedule_id = ANY (written);
  INSERT INTO timeline (schedule_id, revision, phase, definition, valid_from, release, phase_by) SELECT schedule_id, revision, phase, definition, valid_from, release, phase_by
    FROM json_to_recordset(timelines) AS new (schedule_id text, revision bigint, phase text, definition text, valid_from bigint, release bigint, phase_by text)
    WHERE written IS NULL OR schedule_id = ANY (written);
  IF written IS NOT NULL THEN
    jobs := (SELECT coalesce(json_agg(job ORDER BY number), '[]')
      FROM json_array_elements(jobs) WITH ORDINALITY AS each (job, number) WHERE schedule_ids[number] = ANY (written));
  END IF;
  IF json_array_length(jobs) > 0 AND insert_jobs(jobs, at) IS NOT NULL THEN
    RAISE unique_violation USING MESSAGE = 'a job of a schedule is there already, or its unique key is held';
  END IF;
  RETURN written;
END
$$;

CREATE FUNCTION due_schedules(at bigint, most integer, skip_share double precision)
RETURNS TABLE (now bigint, id text, definition text, phase text, app text, release bigint, revision bigint, valid_from bigint, decided_until bigint,
  next_fire_at bigint, jobs_created bigint, fires bigint, last_job_created_at bigint, orphaned_at bigint, phase_by text, timezone_data text, fired_ahead text, live_jobs bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET enable_sort = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
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
    SELECT id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead, (SELECT count(*) FROM job WHERE schedule_id = schedule.id) FROM schedule
    WHERE phase = 'active' AND next_fire_at <= due_until ORDER BY next_fire_at, id OFFSET passed LIMIT most) AS due ON true;
END
$$;

CREATE FUNCTION insert_jobs_soon(jobs json, at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN insert_jobs(jobs, at);
END
$$;

CREATE FUNCTION complete_attempts_soon(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN complete_attempts(ids, fences, results, at);
END
$$;

CREATE FUNCTION end_attempts_soon(endings json, at bigint) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN QUERY SELECT * FROM end_attempts(endings, at);
END
$$;

CREATE FUNCTION unpack_attempts_soon(ids uuid[], fences bigint[]) RETURNS integer LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN unpack_attempts(ids, fences);
END
$$;

CREATE FUNCTION write_schedules_soon(creations json, changes json, ledgers json, timelines json, jobs json, schedule_ids text[], at bigint, takes_back json) RETURNS text[] LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN write_schedules(creations, changes, ledgers, timelines, jobs, schedule_ids, at, takes_back);
END
$$;

CREATE FUNCTION insert_free_jobs(jobs json, at bigint, OUT written uuid[], OUT held uuid[]) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET lock_timeout = 5 AS $$
DECLARE
  each json[] := ARRAY(SELECT json_array_elements(jobs));
  until timestamptz := clock_timestamp() + interval '1000 ms';
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
    IF clock_timestamp() > until OR size = 1 AND (part[1] ->> 'unique_task' || E'\x1f' || (part[1] ->> 'unique_key')) = ANY (held_keys) THEN
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
        held_keys := held_keys || (part[1] ->> 'unique_task' || E'\x1f' || (part[1] ->> 'unique_key'));
        place := place + 1;
      END IF;
    END;
  END LOOP;
END
$$;

CREATE FUNCTION held_attempts(ids uuid[], fences bigint[]) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  numbers bigint[] := ARRAY(SELECT DISTINCT fence >> 11 FROM unnest(fences) AS fence WHERE fence & 1024 <> 0);
  free_jobs uuid[] := ARRAY(SELECT id FROM job WHERE id = ANY (ids) FOR UPDATE SKIP LOCKED);
  free_packs bigint[] := ARRAY(SELECT number FROM pack WHERE number = ANY (numbers) FOR UPDATE SKIP LOCKED);
BEGIN
  RETURN QUERY SELECT job.id FROM job WHERE job.id = ANY (ids) AND NOT job.id = ANY (free_jobs);
  RETURN QUERY SELECT attempt.id FROM unnest(ids, fences) AS attempt (id, fence)
    JOIN pack ON pack.number = attempt.fence >> 11 AND attempt.fence & 1024 <> 0
    WHERE NOT pack.number = ANY (free_packs);
END
$$;

CREATE FUNCTION held_schedules(ids text[]) RETURNS SETOF text LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  free_ones text[] := ARRAY(SELECT id FROM schedule WHERE id = ANY (ids) FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
  RETURN QUERY SELECT id FROM schedule WHERE id = ANY (ids) AND NOT id = ANY (free_ones);
END
$$;
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (1, 'books', 'de4ad4f9fbd86b52cfe7b6f5da9d3a1c908597c26de63ff1aa88474ade60b60e', 1, now_ms());
COMMIT;

-- @rows
INSERT INTO {schema}.declared_set (app, hash, number, members) OVERRIDING SYSTEM VALUE VALUES
  ('tracker', 'set-1', '1', '[["minute-report","digest-1"]]');
SELECT setval(pg_get_serial_sequence('{schema}.declared_set', 'number'), (SELECT max(number) FROM {schema}.declared_set));
INSERT INTO {schema}.finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result) VALUES
  ('019cae00-0000-7000-8000-000000000001', '1772445600000', '1772445600000', '86400000', '9217', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"'),
  ('019cae00-0000-7000-8000-000000000002', '1772445600000', '1772445600000', '86400000', '9218', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"'),
  ('019cae00-0000-7000-8000-000000000003', '1772445600000', '1772445600000', '86400000', '9219', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"'),
  ('019cae00-0000-7000-8000-000000000004', '1772445600000', '1772445600000', '86400000', '9220', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"'),
  ('019cae00-0000-7000-8000-000000000006', '1772445600000', '1772445600000', '86400000', '9222', '1772445600000', NULL, NULL, NULL, '1772445600000', NULL, '1', '3', '3', '1', '0', '0', '6', '0', '0', '1', '{"port":"Emden"}', NULL, NULL, NULL, '[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]', NULL),
  ('019cae00-0000-7000-8000-000000000130', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, '1772445600000', NULL, '1772445600000', NULL, '1', NULL, '3', '0', '0', '0', '5', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO {schema}.runner (id, node) OVERRIDING SYSTEM VALUE VALUES
  ('1', 'node-b'),
  ('2', 'node-that-died'),
  ('3', 'node-a');
SELECT setval(pg_get_serial_sequence('{schema}.runner', 'id'), (SELECT max(id) FROM {schema}.runner));
INSERT INTO {schema}.job (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors) VALUES
  ('019cae00-0000-7000-8000-000000000900', '1772445660000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, '1772445660000', '4', '2', '3', '0', '0', '0', '0', '1', '0', NULL, '{"port":"Emden"}', NULL, NULL, 'minute-report', NULL, NULL),
  ('019cae00-0000-7000-8000-000000000800', '1772445600000', '1772445600000', '86400000', '4096', NULL, NULL, NULL, NULL, '3', '1', '3', '0', '1', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000801', '1772445600000', '1772445600000', '86400000', '6144', '1772445600000', '1772445600000', NULL, NULL, '-3', '4', '3', '0', '0', '1', '1', '0', '1', NULL, '{"port":"Emden"}', NULL, NULL, NULL, '0.5', NULL),
  ('019cae00-0000-7000-8000-000000000005', '1772445660000', '1772445600000', '86400000', '9221', NULL, NULL, NULL, NULL, '2', '1', '3', '1', '0', '0', '3', '0', '0', '1', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]'),
  ('019cae00-0000-7000-8000-000000000100', '1772445600000', '1772445600000', '0', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000101', '1772445600000', '1772445600000', '0', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000102', '1772445600000', '1772445600000', '0', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000110', '1772449200000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '0', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000111', '1772449200000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '0', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000112', '1772449200000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '0', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000120', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', 'report', 'Emden', NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000121', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '10', '5', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000122', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '8', '4', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO {schema}.lane (id, task, queue, priority, copy) OVERRIDING SYSTEM VALUE VALUES
  ('1', 'report', 'default', '0', '0'),
  ('2', 'fired', 'default', '0', '0'),
  ('3', 'load', 'default', '0', '0'),
  ('4', 'mail', 'default', '0', '0'),
  ('5', 'report', 'harbour', '-5', '0');
SELECT setval(pg_get_serial_sequence('{schema}.lane', 'id'), (SELECT max(id) FROM {schema}.lane));
INSERT INTO {schema}.ledger (schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node) VALUES
  ('minute-report', '1772445660000', '1772445660000', '1', 'fired', '019cae00-0000-7000-8000-000000000900', '1772445660000', '1772445720000', '1', '2026a', 'node-a');
INSERT INTO {schema}.node (number, id, host, pid, boot_id, roles, tasks, declares, release, version, timezone_data, counter, phase, started_at, renewed_at, ended_at) OVERRIDING SYSTEM VALUE VALUES
  ('1', 'node-a', 'harbour', '4711', 'boot-1', '["worker"]', '["report"]', '[]', '1', '0.1.0', '2026a', '0', 'alive', '1772445600000', '1772445600000', NULL),
  ('2', 'node-b', 'harbour', '4711', 'boot-1', '["worker"]', '["load"]', '[]', '1', '0.1.0', '2026a', '0', 'alive', '1772445600000', '1772445600000', NULL),
  ('3', 'node-that-left', 'harbour', '4711', 'boot-1', '["worker"]', '["report"]', '[]', '1', '0.1.0', '2026a', '0', 'left', '1772445600000', '1772445600000', '1772445600000');
SELECT setval(pg_get_serial_sequence('{schema}.node', 'number'), (SELECT max(number) FROM {schema}.node));
INSERT INTO {schema}.pack (number, runner, claimed_at, greatest_id, remaining, is_kept, gone, ids, jobs) VALUES
  ('4', '3', '1772445600000', '019cae00-0000-7000-8000-000000000020', '14', 't', '11111100000000000000', '{019cae00-0000-7000-8000-000000000001,019cae00-0000-7000-8000-000000000002,019cae00-0000-7000-8000-000000000003,019cae00-0000-7000-8000-000000000004,019cae00-0000-7000-8000-000000000005,019cae00-0000-7000-8000-000000000006,019cae00-0000-7000-8000-000000000007,019cae00-0000-7000-8000-000000000008,019cae00-0000-7000-8000-000000000009,019cae00-0000-7000-8000-000000000010,019cae00-0000-7000-8000-000000000011,019cae00-0000-7000-8000-000000000012,019cae00-0000-7000-8000-000000000013,019cae00-0000-7000-8000-000000000014,019cae00-0000-7000-8000-000000000015,019cae00-0000-7000-8000-000000000016,019cae00-0000-7000-8000-000000000017,019cae00-0000-7000-8000-000000000018,019cae00-0000-7000-8000-000000000019,019cae00-0000-7000-8000-000000000020}', E'{"(019cae00-0000-7000-8000-000000000001,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000002,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000003,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000004,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000005,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000006,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000007,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000008,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000009,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000010,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000011,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000012,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000013,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000014,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000015,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000016,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000017,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000018,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000019,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)","(019cae00-0000-7000-8000-000000000020,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,)"}');
INSERT INTO {schema}.paused_queue (queue, paused_at) VALUES
  ('harbour', '1772445600000');
INSERT INTO {schema}.registration (app, release, hash) VALUES
  ('tracker', '1', 'set-1');
INSERT INTO {schema}.schedule (id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead) VALUES
  ('paused', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 'paused', 'tracker', '1', '1', '1772445600000', '1772445600000', NULL, '0', '0', NULL, NULL, 'operator', NULL, NULL),
  ('minute-report', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 'active', 'tracker', '1', '1', '1772445600000', '1772445660000', '1772445720000', '1', '1', '1772445660000', NULL, NULL, NULL, NULL);
INSERT INTO {schema}.seat (seat, term, counter, ttl_ms, holder, host, pid, elected_at, renewed_at) VALUES
  ('primary', '1', '1', '15000', 'node-a', 'harbour', '4711', '1772445600000', '1772445600000');
INSERT INTO {schema}.step (number, job_id, name, result) OVERRIDING SYSTEM VALUE VALUES
  ('1', '019cae00-0000-7000-8000-000000000801', 'send', '{"sent":true}');
SELECT setval(pg_get_serial_sequence('{schema}.step', 'number'), (SELECT max(number) FROM {schema}.step));
DELETE FROM {schema}.store;
INSERT INTO {schema}.store (one, id, ledger_pruned_until, import_of, import_parts) VALUES
  ('t', '47edb110-2f62-4f8f-9fff-da5fb9956bf1', NULL, NULL, NULL);
INSERT INTO {schema}.timeline (schedule_id, number, revision, phase, definition, valid_from, release, phase_by) OVERRIDING SYSTEM VALUE VALUES
  ('minute-report', '1', '1', 'active', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', '1772445600000', '1', NULL),
  ('paused', '2', '1', 'paused', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', '1772445600000', '1', 'operator');
SELECT setval(pg_get_serial_sequence('{schema}.timeline', 'number'), (SELECT max(number) FROM {schema}.timeline));
SELECT setval('{schema}.fence', 4);

-- @records
/* {"pausedQueue":[{"queue":"harbour","pausedAt":1772445600000}],"registration":[{"app":"tracker","release":1,"hash":"set-1"}],"seat":[{"seat":"primary","term":1,"counter":1,"ttlMs":15000,"holder":{"id":"node-a","host":"harbour","pid":4711},"electedAt":1772445600000,"renewedAt":1772445600000}],"job":[{"id":"019cae00-0000-7000-8000-000000000900","task":"fired","queue":"default","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","scheduleId":"minute-report","fireAt":1772445660000,"origin":"fire","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled"},{"id":"019cae00-0000-7000-8000-000000000801","task":"mail","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-most-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":6144,"claimedAt":1772445600000,"startedAt":1772445600000,"progress":"0.5","errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000800","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":1,"fence":4096,"errors":[],"state":"available"},{"id":"019cae00-0000-7000-8000-000000000130","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"cancelRequestedAt":1772445600000,"errors":[],"state":"cancelled","finishedAt":1772445600000},{"id":"019cae00-0000-7000-8000-000000000122","task":"mail","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available"},{"id":"019cae00-0000-7000-8000-000000000121","task":"report","queue":"harbour","priority":-5,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available"},{"id":"019cae00-0000-7000-8000-000000000120","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","uniqueKey":"Emden","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available"},{"id":"019cae00-0000-7000-8000-000000000112","task":"report","queue":"default","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled"},{"id":"019cae00-0000-7000-8000-000000000111","task":"report","queue":"default","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled"},{"id":"019cae00-0000-7000-8000-000000000110","task":"report","queue":"default","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled"},{"id":"019cae00-0000-7000-8000-000000000102","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available"},{"id":"019cae00-0000-7000-8000-000000000101","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available"},{"id":"019cae00-0000-7000-8000-000000000100","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available"},{"id":"019cae00-0000-7000-8000-000000000020","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9236,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000019","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9235,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000018","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9234,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000017","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9233,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000016","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9232,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000015","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9231,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000014","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9230,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000013","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9229,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000012","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9228,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000011","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9227,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000010","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9226,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000009","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9225,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000008","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9224,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000007","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9223,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a"},{"id":"019cae00-0000-7000-8000-000000000006","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":1,"rescues":0,"fence":9222,"claimedAt":1772445600000,"errors":[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}],"state":"discarded","node":"node-a","finishedAt":1772445600000},{"id":"019cae00-0000-7000-8000-000000000005","task":"report","queue":"default","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":1,"rescues":0,"fence":9221,"errors":[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}],"state":"retryable"},{"id":"019cae00-0000-7000-8000-000000000004","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9220,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\""},{"id":"019cae00-0000-7000-8000-000000000003","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9219,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\""},{"id":"019cae00-0000-7000-8000-000000000002","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9218,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\""},{"id":"019cae00-0000-7000-8000-000000000001","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9217,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\""}],"step":[{"jobId":"019cae00-0000-7000-8000-000000000801","name":"send","result":"{\"sent\":true}"}],"ledger":[{"scheduleId":"minute-report","fireAt":1772445660000,"lastFireAt":1772445660000,"count":1,"outcome":"fired","jobId":"019cae00-0000-7000-8000-000000000900","decidedAt":1772445660000,"nextFireAt":1772445720000,"revision":1,"timezoneData":"2026a","node":"node-a"}],"timeline":[{"scheduleId":"minute-report","revision":1,"phase":"active","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"validFrom":1772445600000,"release":1},{"scheduleId":"paused","revision":1,"phase":"paused","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"validFrom":1772445600000,"release":1,"phaseBy":"operator"}],"schedule":[{"id":"minute-report","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"phase":"active","app":"tracker","release":1,"revision":1,"validFrom":1772445600000,"decidedUntil":1772445660000,"nextFireAt":1772445720000,"jobsCreated":1,"fires":1,"lastJobCreatedAt":1772445660000},{"id":"paused","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"phase":"paused","app":"tracker","release":1,"revision":1,"validFrom":1772445600000,"decidedUntil":1772445600000,"jobsCreated":0,"fires":0,"phaseBy":"operator"}],"node":[{"id":"node-a","phase":"alive","tasks":["report"]},{"id":"node-b","phase":"alive","tasks":["load"]},{"id":"node-that-left","phase":"left","tasks":["report"]}]} */

-- @enqueue
SELECT {schema}.enqueue('load', '{}', keep => interval '1 day') AS id;

-- @claim
SELECT id, fence FROM {schema}.claim((SELECT id FROM {schema}.runner WHERE node = 'node-b'), ARRAY['load'], NULL, 5, false, NULL, NULL, NULL, NULL) WHERE id IS NOT NULL;

-- @complete
SELECT {schema}.complete_attempts($1, $2, NULL, NULL);
