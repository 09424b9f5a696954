-- Books of an earlier layout, as the code of that time made and filled them. A published layout is never changed.
-- The next one is one more file like this: ESCAPEMENT_WRITE_LAYOUT=1 npm test -- tests/stores/postgres/schema/layouts.test.ts tests/stores/sqlite/layouts.test.ts

-- @schema
BEGIN;
SELECT pg_advisory_xact_lock(hashtextextended('escapement migrate {schema}', 0));
SET LOCAL lock_timeout = 2000;
SET LOCAL client_min_messages TO warning;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_namespace WHERE '"' || nspname || '"' = '{schema}') THEN CREATE SCHEMA {schema}; END IF; END $$;
SET LOCAL search_path TO {schema}, pg_temp;
CREATE TABLE migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, min_compatible integer NOT NULL, applied_at bigint NOT NULL);

-- An unfinished job is one row of job, which is rewritten by its claim and deleted by its settle; or it leaves with its claim for a
-- pack, which is one row for many. place says where it stands, so that one index, job_place, serves every way of finding it in order:
--
-- - 2 × lane: it waits (scheduled, available or retryable; due from run_at on);
-- - 2 × lane + 1: it waits, and was rescued once (a solo job, which runs alone);
-- - −runner: it runs, held by a node under fence.
--
-- No place is 0: that the index says so keeps it out of every statement that does not. A planner who takes the table for empty
-- would else look through all of it for an id.
--
-- A lane is a task in a queue at a priority. So nothing that a claim does not want stands between what it wants: neither
-- other tasks, nor other queues, nor jobs of the future, however many. A lane can be there several times, under other numbers (copy): who
-- enqueues in a transaction of the app's makes one of its own where none is to be seen, so that nobody waits for that transaction. lane and runner are small tables of names
-- that only grow. A finished job is moved to finished, or deleted. The numbers of states, origins, deliveries and
-- outcomes are those of src/stores/sql/codes.ts. Instants are epoch milliseconds, taken from the database's clock. Names and ids stand
-- in the order of their bytes, whatever the database's collation.
--
-- Every name stands without its schema: the search path of the migration is the schema of the books.
CREATE TABLE store (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  ledger_pruned_until bigint,
  import_of text,
  import_parts bigint
);
INSERT INTO store DEFAULT VALUES;

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

-- A large claim deletes the rows of its jobs, which costs a third of rewriting them, and keeps them in one: a pack. A job in it runs, under the
-- runner and number of the pack and at a position, from 1 on, until its bit in gone is set. Whatever is done to
-- such a job, other than to complete it, first makes it a row again. So unfinished is what there is.
--
-- What a pack costs to be read is bounded: it takes a job only if that is small, and nothing is known of it but what a row of
-- job begins with. All who lock packs do so in the order of their numbers, before they lock jobs.
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


-- The first job of a place, from which a claim goes on.
CREATE TYPE head AS (place integer, priority smallint, run_at bigint, id uuid);

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
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (1, 'books', '592626f44f575ee108de9f8904ec40ae2f402a489c137ed8bb7497f00708033b', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

-- The functions and views of the books, each as it was made last: by which edition of them, and with which text.
CREATE TABLE routine (
  name text PRIMARY KEY,
  hash text NOT NULL,
  edition integer NOT NULL,
  made_at bigint NOT NULL
);

-- How many migrations the release of the node knows.
ALTER TABLE node ADD COLUMN layout integer NOT NULL DEFAULT 1;
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (2, 'layouts', 'e7471e351cd657184f4a30039c44f060aa1e8debc448944d93e62dadec082ef7', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

-- Null: never, and while it is unfinished. unique_until is 0 for a job that holds its key while it waits to run, else the instant
-- until which it holds it at least, finished or not.
ALTER TABLE job ADD COLUMN snoozes integer, ADD COLUMN snoozed_at bigint, ADD COLUMN unique_until bigint;
ALTER TABLE finished ADD COLUMN snoozes integer, ADD COLUMN unique_task text COLLATE "C", ADD COLUMN unique_until bigint;
CREATE INDEX finished_unique ON finished (unique_task, unique_key) WHERE unique_task IS NOT NULL;

-- It has further parameters from now on, and two of one name could not be told apart.
DROP FUNCTION IF EXISTS enqueue(text, jsonb, text, integer, timestamptz, text, uuid, integer, interval, text, boolean);
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (3, 'snoozes and keys', 'dbb9d3a91d18f0c76c8b29a4f0f4d2ad8cdf049453d0fbc004da9ecbcbc6d59b', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

-- Why a person has paused it: JSON, the revision that the note was written with, and the note.
ALTER TABLE schedule ADD COLUMN pause_note text;

-- A path such as items.*.iban. Processes that do not know the task show its jobs too. Paths are added only: jobs of an earlier
-- release have what they name.
CREATE TABLE redaction (
  task text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  PRIMARY KEY (task, path)
);
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (4, 'notes, clocks, redactions', 'e3f00bf1249d45cd60bea6aff39e1d0202ed321428ab1d79c1cfb7ce4b35bf08', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

-- Sums that only grow, by kind (fire, undecided, job), name (of the task, or empty) and outcome. Each node has rows of its own, so that nodes
-- don't wait for each other; the empty node has the sum of those that are gone.
CREATE TABLE total (
  node text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (node, kind, name, outcome)
) WITH (fillfactor = 50);
INSERT INTO total (node, kind, name, outcome, n) SELECT '', 'fire', '', outcome, sum(count) FROM ledger GROUP BY outcome;

-- How the jobs of each schedule have ended: when one finished last, when one completed last, the attempts that have failed since then, and
-- how long the last completed one took.
CREATE TABLE health (
  schedule_id text COLLATE "C" PRIMARY KEY,
  last_finished_at bigint,
  last_success_at bigint,
  failures bigint NOT NULL,
  last_duration_ms bigint
) WITH (fillfactor = 50);
CREATE INDEX health_failing ON health (schedule_id) WHERE failures > 0;

-- How attempts ended in spans of time, with histograms of their waits and runs; the bounds of the buckets are in
-- src/core/counts/tally.ts. Level 0 has a row for each minute, task and node; the others, without a node, a row for each minute (1), 10 minutes
-- (2) and hour (3). Rows of a level are added to those of the next when they are old enough.
CREATE TABLE tally (
  level smallint NOT NULL,
  at bigint NOT NULL,
  task text COLLATE "C" NOT NULL,
  node text COLLATE "C" NOT NULL,
  completed bigint NOT NULL,
  failed bigint NOT NULL,
  discarded bigint NOT NULL,
  cancelled bigint NOT NULL,
  lost bigint NOT NULL,
  stale bigint NOT NULL,
  wait_ms bigint NOT NULL,
  run_ms bigint NOT NULL,
  wait_0 bigint NOT NULL,
  wait_1 bigint NOT NULL,
  wait_2 bigint NOT NULL,
  wait_3 bigint NOT NULL,
  wait_4 bigint NOT NULL,
  wait_5 bigint NOT NULL,
  wait_6 bigint NOT NULL,
  wait_7 bigint NOT NULL,
  wait_8 bigint NOT NULL,
  wait_9 bigint NOT NULL,
  wait_10 bigint NOT NULL,
  wait_11 bigint NOT NULL,
  run_0 bigint NOT NULL,
  run_1 bigint NOT NULL,
  run_2 bigint NOT NULL,
  run_3 bigint NOT NULL,
  run_4 bigint NOT NULL,
  run_5 bigint NOT NULL,
  run_6 bigint NOT NULL,
  run_7 bigint NOT NULL,
  run_8 bigint NOT NULL,
  run_9 bigint NOT NULL,
  run_10 bigint NOT NULL,
  run_11 bigint NOT NULL,
  PRIMARY KEY (level, at, task, node)
) WITH (fillfactor = 50);

-- How the process was at its latest renewal, as JSON.
ALTER TABLE node ADD COLUMN vitals text;
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (5, 'counts', 'e800b408e0f50f1a955eea0740fbee925e5e2324ba7a43e1ce6962371c8027d2', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

-- Who changed what. "before" and "after" are JSON without payloads. "count" is above 1 for refused attempts only.
CREATE TABLE audit (
  id text COLLATE "C" PRIMARY KEY,
  at bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  role text,
  via text NOT NULL,
  address text,
  action text COLLATE "C" NOT NULL,
  target_kind text COLLATE "C" NOT NULL,
  target_id text COLLATE "C" NOT NULL,
  before text,
  after text,
  reason text,
  bulk_id text,
  outcome text NOT NULL,
  count bigint NOT NULL
);
CREATE INDEX audit_age ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_target ON audit (target_kind, target_id, at, id);

-- Hashes are SHA-256, in hexadecimal. The secrets themselves are nowhere in the books.
CREATE TABLE token (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  secret_hash text NOT NULL,
  role text NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  last_used_at bigint
);

-- Somebody who has logged in, with a token or as the app says. A session ends with its token.
CREATE TABLE session (
  id_hash text COLLATE "C" PRIMARY KEY,
  token_id text COLLATE "C",
  actor text NOT NULL,
  role text NOT NULL,
  csrf_hash text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  revoked_at bigint
);
CREATE INDEX session_expiry ON session (expires_at);
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (6, 'audit and access', '165fd1b4243bb992db9753b674214f54869a11925890f35ee815f409d2382469', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

-- The look at the books that one process does for all, or no row before the first: number is its fence, finished the number of the last one that wrote.
CREATE TABLE alert_pass (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  number bigint NOT NULL DEFAULT 0,
  began_at bigint NOT NULL DEFAULT 0,
  finished bigint NOT NULL DEFAULT 0,
  finished_at bigint,
  memory text
);

-- What a pass found and is told of. body is the rest of it, as JSON.
CREATE TABLE incident (
  id text COLLATE "C" PRIMARY KEY,
  rule text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  opened_at bigint NOT NULL,
  resolved_at bigint,
  told text NOT NULL,
  flaps integer NOT NULL,
  acknowledged_at bigint,
  acknowledged_by text,
  seen_at bigint NOT NULL,
  body text NOT NULL
);
CREATE UNIQUE INDEX incident_open ON incident (rule, subject) WHERE resolved_at IS NULL;
CREATE INDEX incident_resolved ON incident (resolved_at) WHERE resolved_at IS NOT NULL;

-- One notice for one channel, which some process sends. ended_at: it was sent, or given up.
CREATE TABLE notice (
  id text COLLATE "C" PRIMARY KEY,
  channel text COLLATE "C" NOT NULL,
  made_at bigint NOT NULL,
  due_at bigint NOT NULL,
  held_until bigint NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  tries integer NOT NULL DEFAULT 0,
  problem text COLLATE "C",
  ended_at bigint,
  body text NOT NULL
);
CREATE INDEX notice_waiting ON notice (channel, made_at) WHERE ended_at IS NULL;
CREATE INDEX notice_ended ON notice (ended_at) WHERE ended_at IS NOT NULL;

-- What a pass looks for. Jobs that no schedule fired, and fire times that fired, pay nothing for it.
CREATE INDEX job_fired ON job (run_at, id) WHERE schedule_id IS NOT NULL;
CREATE INDEX ledger_unfired ON ledger (decided_at) WHERE outcome <> 'fired';
CREATE INDEX schedule_endless ON schedule (id) WHERE phase = 'active' AND next_fire_at IS NULL;
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (7, 'alerts', 'cae5a3fd81bde85caf4a90b0fdbae6c61807e724d44b12a3addffcab1a61c4e9', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

-- Schedules that will not fire by themselves, and schedules that no code names.
CREATE INDEX schedule_resting ON schedule (id, phase) WHERE next_fire_at IS NULL;
CREATE INDEX schedule_orphaned ON schedule (id) WHERE orphaned_at IS NOT NULL OR phase_by = 'orphans';

-- What did not fire, in an order in which many rows of one decision have their places too.
DROP INDEX ledger_unfired;
CREATE INDEX ledger_unfired ON ledger (decided_at, schedule_id, fire_at) WHERE outcome <> 'fired';
INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (8, 'lists', 'e1c0bc9ce34375cd64c78051adbf63065e9dcd1af8aefb8320b7385049906744', 1, floor(extract(epoch FROM clock_timestamp()) * 1000));

DO $$
BEGIN
  IF EXISTS (SELECT FROM routine WHERE edition > 9) THEN
    RAISE EXCEPTION 'the routines of these books are those of a newer release';
  END IF;
END
$$;

-- The time of the books: the database's own clock, in epoch milliseconds.
CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
  $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('now_ms', 'c83257dcb5ab9897ad6fe22bd51d1c6cc736126c201be0639b299783a8b62298', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Every job that is not finished, whether it stands in a row or in a pack.
CREATE OR REPLACE VIEW unfinished AS
  SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors, false AS is_packed, snoozes, snoozed_at, unique_until FROM job
  UNION ALL SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | job.ordinality) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors, true, job.snoozes, job.snoozed_at, job.unique_until FROM pack CROSS JOIN LATERAL unnest(pack.jobs) WITH ORDINALITY AS job WHERE get_bit(gone, job.ordinality::integer - 1) = 0;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('unfinished', '9d53417f22c28c6dbca2c5b6ff33f6cb619ed64464da7c9eba95b5b0141079b7', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Of unfinished those that are asked for: no other pack is unpacked for them.
CREATE OR REPLACE FUNCTION unfinished_of(wanted uuid[]) RETURNS SETOF job LANGUAGE sql STABLE SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
  SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors, snoozes, snoozed_at, unique_until FROM job WHERE id = ANY (wanted)
  UNION ALL SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | job.ordinality) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors, job.snoozes, job.snoozed_at, job.unique_until FROM pack CROSS JOIN LATERAL unnest(pack.jobs) WITH ORDINALITY AS job WHERE pack.greatest_id >= (SELECT id FROM unnest(wanted) AS id ORDER BY id LIMIT 1) AND pack.ids && wanted AND job.id = ANY (wanted) AND get_bit(gone, job.ordinality::integer - 1) = 0
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('unfinished_of', 'af6fbe6249794214409d45b53437fde758d988c06546d004756f42bf560b53ce', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- A bit for each place of a pack, set at the positions.
CREATE OR REPLACE FUNCTION marked(size integer, positions integer[]) RETURNS bit varying LANGUAGE plpgsql IMMUTABLE AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('marked', 'a341cd166d8fd246554fbfc405993e67f0b174e395801ce397d3e3a6166a4fa9', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Under the lock of the pack.
CREATE OR REPLACE FUNCTION remove_from_pack(of bigint, mark bit varying, ended integer) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  DELETE FROM pack WHERE number = of AND remaining = ended;
  IF NOT FOUND THEN
    UPDATE pack SET gone = gone | mark, remaining = remaining - ended WHERE number = of;
  END IF;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('remove_from_pack', 'bc641581209f269d3d90b3f6afd04530a9e23dbfdbae4f3051b87b7a6853e3cc', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Makes jobs of a pack rows again, which run as they did. Under the lock of the pack. Should the app have enqueued an id a second time in a
-- transaction that could not see the pack (REPEATABLE READ), then that row stands, and the attempt is stale.
CREATE OR REPLACE FUNCTION unpack_at(of bigint, positions integer[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  INSERT INTO job (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors, snoozes, snoozed_at, unique_until) SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | job.ordinality) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors, job.snoozes, job.snoozed_at, job.unique_until FROM pack CROSS JOIN LATERAL unnest(pack.jobs) WITH ORDINALITY AS job WHERE pack.number = of AND job.ordinality = ANY (positions)
  ON CONFLICT DO NOTHING;
  PERFORM remove_from_pack(of, marked((SELECT length(gone) FROM pack WHERE number = of), positions), cardinality(positions));
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('unpack_at', '1d7ea42e8057e466ec182debbab5042ea3dd03412b034587dd62e49199e9cc46', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Makes rows of the jobs of attempts, as far as they are the current ones; answers how many.
CREATE OR REPLACE FUNCTION unpack_attempts(ids uuid[], fences bigint[]) RETURNS integer LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('unpack_attempts', 'cbee2fd89aad387d3d034402cc94d7a1b224ed332141fd42e49be06c06b9975d', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Makes rows of jobs, whoever runs them.
CREATE OR REPLACE FUNCTION unpack_jobs(wanted uuid[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('unpack_jobs', '7cdfd9d80a4330b5d073cfa03b8b522ae631f4e155d32b60b53f4deb96140591', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Makes rows of what is held by nobody alive (rule 8), until there are so many.
CREATE OR REPLACE FUNCTION unpack_stranded(most integer) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('unpack_stranded', '2f5b8b9d3b9546c9ece73ac3fc49f318c93c23e4fbdfbb3967e8d61068c1617b', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Completes the jobs of attempts, in packs or rows, and answers the ids of those it completed; null: all. The others are stale.
CREATE OR REPLACE FUNCTION complete_attempts(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
        SELECT job.id, job.run_at, job.created_at, job.keep_ms, (pack.number << 11 | 1024 | positions[job.ordinality]) AS fence, pack.claimed_at, job.started_at, job.cancel_requested_at, job.fire_at, -pack.runner AS place, job.lane, job.max_attempts, job.failures, job.rescues, job.steps, job.state, job.origin, job.delivery, job.outcome, job.payload, job.unique_task, job.unique_key, job.schedule_id, job.progress, job.errors, job.snoozes, job.snoozed_at, job.unique_until, given[places[job.ordinality]] AS result
        FROM pack CROSS JOIN unnest(ARRAY(SELECT packed[position] FROM unnest(positions) AS position)) WITH ORDINALITY AS job
        WHERE pack.number = each.number)
      INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result, snoozes, unique_task, unique_until) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, now_at, now_at + keep_ms, lane, -place, max_attempts, failures, rescues, steps, 4, origin, delivery, 0, payload, unique_key, schedule_id, progress, errors, result, snoozes, CASE WHEN unique_until > 0 THEN unique_task END, unique_until FROM gone WHERE keep_ms > 0;
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('complete_attempts', '638317ab8720dc57b826419cde9312c6272c91a1111c763cec368cef877c71fa', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Writes new jobs in the order given, and answers the ids of those it wrote; null: all of them. Not written is one whose
-- id or unique key is taken.
--
-- The finished and the packed ones are asked after the insert, and under a snapshot of its own: a job may have gone there since the
-- statement began, and in between it is in neither. Plans are made once: for a job alone they took longer than its insert.
CREATE OR REPLACE FUNCTION insert_jobs(jobs json, at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('insert_jobs', '8cdca17fc29d15e4b72bc08a2f0cebd84b83a199bc3cdd8ad57fca00d9bbf375', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('check_name', 'c74071b929033cd89c1eff47f74b68a62693202276706ce5c6ec0c48e4a845c1', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

CREATE OR REPLACE FUNCTION check_range(what text, given bigint, lowest bigint, highest bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF given NOT BETWEEN lowest AND highest THEN
    RAISE invalid_parameter_value USING MESSAGE = format('%s is %s; it takes %s to %s', what, given, lowest, highest);
  END IF;
  RETURN given;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('check_range', '2be25c987a4f9f9f78dcc97013e1888447192119c6d9da6b37f4c851fafed26c', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('new_id', 'fb4264b4430fdabb8ea67f9944bf72cafb8414c37925b40fb1d4355efaf9ef54', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('lane_number', '1fe0179f4b4b9514251ad39b164ec972def1bf910e401e2bb964546a90673d5a', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Enqueues for triggers and other languages, within the caller's transaction: rolled back, the job was never there. What
-- code declares of a task is not known here; what is left out is as it is for a task that says nothing. Answers the id of the
-- job, or of the one that holds the unique key: with on_duplicate => 'replace' that one takes over the values, unless it has ever begun.
--
-- Workers look once a second, and find the job then at the latest. With wake they are told of the commit; but a commit that tells
-- takes a lock of which there is one in the whole server, so that many of them wait for one another.
CREATE OR REPLACE FUNCTION enqueue(task text, payload jsonb DEFAULT 'null', queue text DEFAULT NULL, priority integer DEFAULT NULL,
  run_at timestamptz DEFAULT NULL, unique_key text DEFAULT NULL, id uuid DEFAULT NULL, max_attempts integer DEFAULT NULL,
  keep interval DEFAULT NULL, delivery text DEFAULT NULL, wake boolean DEFAULT false,
  unique_while text DEFAULT NULL, unique_for interval DEFAULT NULL, on_duplicate text DEFAULT NULL) RETURNS uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
    PERFORM check_range('The milliseconds for which a job holds its key', unique_for_ms, 1, 31557600000000);
  END IF;
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
    'unique_until', CASE unique_while WHEN 'waiting' THEN 0 WHEN 'kept' THEN 253402300800000 ELSE now_ms() + unique_for_ms END,
    'origin', 0,
    'max_attempts', check_range('The number of attempts of a job', coalesce(nullif(max_attempts, 2147483647), 10), 1, 1000)
      + CASE max_attempts WHEN 2147483647 THEN 2147483637 ELSE 0 END,
    'delivery', CASE delivery WHEN 'at-most-once' THEN 1 ELSE 0 END,
    'keep_ms', check_range('The milliseconds for which a job is kept',
      greatest(floor(extract(epoch FROM coalesce(keep, interval '7 days')) * 1000)::bigint, unique_for_ms), 0, 31557600000000));
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('enqueue', '3f9ce645d574877159ef12cded8b7f1564fe71f91b29c3119f2d5ef340d4d21c', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- The first jobs of all places where jobs wait, of the tasks and queues, however many lanes there ever were: it goes along the
-- index, by steps that grow while each finds another place at every entry, and leaps over what else stands in a place. Reading
-- on costs a tenth of finding a place anew. Run by claim only.
CREATE OR REPLACE FUNCTION waiting_heads(tasks text[], queues text[]) RETURNS head[] LANGUAGE plpgsql AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('waiting_heads', '55de092e5e0ad5793454bd53aac4cbfc6c422511b8b6c21e5a76eb99346a7b61', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- How many of the first jobs of all places together stand in each of them, so that no more are locked than are taken. With so many places
-- that their first jobs alone are enough, nothing behind the last of these is looked at. Run by claim only.
CREATE OR REPLACE FUNCTION share_out(heads head[], now_at bigint, most integer, aging bigint) RETURNS integer[] LANGUAGE plpgsql AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('share_out', '737de1d9b88bdc4133ec30a3f9f3d7d278b285b85413aedf60afd60e9614cad1', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Claims by priority, run_at and id over all lanes of the tasks and queues; or one solo job alone. The last row has no
-- id and no fence: its payload says what is left. Where nothing is due, nothing is written and no fence drawn.
--
-- It looks first at the first job of each place: of few lanes one by one, of many along the index. Then it goes by turns: each
-- solo job, until one could be locked; then for each priority all places at once, each with its share, and
-- after that, if other claims were quicker in one of them, each place with all that it has left. What another claim has
-- locked is stepped over.
--
-- With aging the order is that of run_at + priority × aging, over all priorities at once.
--
-- From pack_from jobs on they are kept as a pack, as far as they can be; null: all as rows.
--
-- Floors, if given, say from where on places are looked at: what stood below was taken by claims before. The heads that
-- were seen are told if there were floors, or if the look was dear.
CREATE OR REPLACE FUNCTION claim(runner integer, tasks text[], queues text[], most integer, takes_solo boolean, at bigint, floors json,
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
        RETURN QUERY UPDATE job SET place = -runner, fence = nextval('fence') << 11, claimed_at = now_at, unique_until = nullif(unique_until, 0),
          unique_task = CASE WHEN unique_until = 0 THEN NULL ELSE unique_task END, unique_key = CASE WHEN unique_until = 0 THEN NULL ELSE unique_key END
          WHERE ctid = ANY (taken)
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('claim', '68a3867cf5f16785ed13ac1b96891701afdb5b3d17b32cd3dd58aec783e5cf3b', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Completes the jobs of attempts and answers the ids of those it completed; null: all. The others are stale. Those that
-- leave nothing behind go first, since moving rows takes longer than dropping them.
CREATE OR REPLACE FUNCTION complete_jobs(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
    WHERE job.id = ANY (ARRAY[attempt.id]) AND job.fence = attempt.fence AND job.place + 0 < 0 AND keep_ms <= 0 AND steps = 0 AND schedule_id IS NULL RETURNING job.id)
  SELECT array_agg(id) INTO dropped FROM gone;
  IF cardinality(dropped) = cardinality(ids) THEN
    RETURN NULL;
  END IF;
  WITH gone AS (
    DELETE FROM job USING unnest(ids, fences, results) AS attempt (id, fence, result)
    WHERE job.id = ANY (ARRAY[attempt.id]) AND job.fence = attempt.fence AND job.place + 0 < 0 RETURNING job.*, attempt.result),
  kept AS (
    INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result, snoozes, unique_task, unique_until) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, now_at, now_at + keep_ms, lane, -place, max_attempts, failures, rescues, steps, 4, origin, delivery, 0, payload, unique_key, schedule_id, progress, errors, result, snoozes, CASE WHEN unique_until > 0 THEN unique_task END, unique_until FROM gone WHERE keep_ms > 0),
  forgotten AS (
    DELETE FROM step USING gone WHERE step.job_id = gone.id AND gone.steps > 0 AND gone.keep_ms <= 0)
  SELECT coalesce(dropped, '{}') || coalesce(array_agg(id), '{}'), array_agg(id) FILTER (WHERE schedule_id IS NOT NULL),
    array_agg(schedule_id) FILTER (WHERE schedule_id IS NOT NULL), array_agg(claimed_at) FILTER (WHERE schedule_id IS NOT NULL)
    INTO completed, fired, fired_by, claims FROM gone;
  -- A statement of its own: most jobs belong to no schedule, and would pay for it in each batch.
  IF fired IS NOT NULL THEN
    INSERT INTO health (schedule_id, last_finished_at, last_success_at, failures, last_duration_ms)
    SELECT DISTINCT ON (schedule_id) schedule_id, now_at, now_at, 0, greatest(0, now_at - claimed_at)
    FROM unnest(fired, fired_by, claims) AS each (id, schedule_id, claimed_at) WHERE schedule_id IS NOT NULL ORDER BY schedule_id, id DESC
    ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = excluded.last_finished_at, last_success_at = excluded.last_success_at,
      failures = 0, last_duration_ms = excluded.last_duration_ms;
  END IF;
  RETURN CASE WHEN cardinality(completed) < cardinality(ids) THEN completed END;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('complete_jobs', '81fd4f91502b7ed0d5278183903d39ccc17bd8e1826fc78d443d58e00c6cf1af', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- The same for one job in a transaction of which the app's code is a part. What is noted of its schedule is left to note_success(), at the
-- end: until then nobody has to wait for it.
CREATE OR REPLACE FUNCTION complete_within(of uuid, its_fence bigint, at bigint) RETURNS TABLE (schedule_id text, claimed_at bigint) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  RETURN QUERY WITH gone AS (
    DELETE FROM job USING (SELECT of AS id, its_fence AS fence) AS attempt WHERE job.id = ANY (ARRAY[attempt.id]) AND job.fence = attempt.fence AND job.place + 0 < 0 RETURNING job.*, NULL::text AS result),
  kept AS (
    INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result, snoozes, unique_task, unique_until) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, now_at, now_at + keep_ms, lane, -place, max_attempts, failures, rescues, steps, 4, origin, delivery, 0, payload, unique_key, schedule_id, progress, errors, result, snoozes, CASE WHEN unique_until > 0 THEN unique_task END, unique_until FROM gone WHERE keep_ms > 0),
  forgotten AS (
    DELETE FROM step USING gone WHERE step.job_id = gone.id AND gone.steps > 0 AND gone.keep_ms <= 0)
  SELECT schedule_id, claimed_at FROM gone;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('complete_within', '106a088a27d8701bb25ddd7ebc423a82239a6972a10740d490fa944b5c71a826', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

CREATE OR REPLACE FUNCTION note_success(of_schedule text, was_claimed_at bigint, at bigint) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  
    INSERT INTO health (schedule_id, last_finished_at, last_success_at, failures, last_duration_ms)
    SELECT DISTINCT ON (schedule_id) schedule_id, now_at, now_at, 0, greatest(0, now_at - claimed_at)
    FROM (SELECT of_schedule AS schedule_id, was_claimed_at AS claimed_at, NULL AS id) AS gone WHERE schedule_id IS NOT NULL ORDER BY schedule_id, id DESC
    ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = excluded.last_finished_at, last_success_at = excluded.last_success_at,
      failures = 0, last_duration_ms = excluded.last_duration_ms;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('note_success', '706396de3079fc5080bc0d1dc7e1fef6a0d46941f2105d6ae3f1a3d11f7c5cc7', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Ends attempts in any other way, each as it was decided on what was read of it: the job waits again (state 0, 1 or 3), or has
-- finished (5 or 6). Answers the ids of those it ended: not that of an attempt which is stale, nor of one that has begun or was
-- asked to end since it was read.
CREATE OR REPLACE FUNCTION end_attempts(endings json, at bigint) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
    FROM ending WHERE job.id = ANY (ARRAY[ending.id]) AND job.fence = ending.fence AND job.place + 0 < 0 AND started_at IS NOT DISTINCT FROM seen_started_at AND cancel_requested_at IS NOT DISTINCT FROM seen_cancel_requested_at AND next_state IN (0, 1, 3)
    RETURNING job.id, job.schedule_id, next_state),
  gone AS (
    DELETE FROM job USING ending WHERE job.id = ANY (ARRAY[ending.id]) AND job.fence = ending.fence AND job.place + 0 < 0 AND started_at IS NOT DISTINCT FROM seen_started_at AND cancel_requested_at IS NOT DISTINCT FROM seen_cancel_requested_at AND next_state IN (5, 6)
    RETURNING job.*, next_state, next_failures, next_rescues, next_errors, reported),
  kept AS (
    INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result, snoozes, unique_task, unique_until) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, now_at, NULL, lane, -place, max_attempts, next_failures, next_rescues, steps, next_state, origin, delivery, reported, payload, unique_key, schedule_id, progress, next_errors, NULL, snoozes, CASE WHEN unique_until > 0 THEN unique_task END, unique_until FROM gone),
  noted AS (
    INSERT INTO health (schedule_id, last_finished_at, failures)
    SELECT schedule_id, max(CASE WHEN next_state <> 3 THEN now_at END), count(*) FILTER (WHERE next_state <> 5)
    FROM (SELECT schedule_id, next_state FROM freed WHERE next_state = 3 UNION ALL SELECT schedule_id, next_state FROM gone) AS each WHERE schedule_id IS NOT NULL GROUP BY schedule_id ORDER BY schedule_id
    ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = coalesce(excluded.last_finished_at, health.last_finished_at),
      failures = health.failures + excluded.failures)
  SELECT id FROM freed UNION ALL SELECT id FROM gone;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('end_attempts', '6d8e42dd8cb796aaad6dc0aeda51192bf836d163868b07345b655a9ef9f409bd', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Cancels jobs that wait, and asks those that run and are not packed; answers both. All are locked before, so that none of them is claimed
-- or settled between the two.
CREATE OR REPLACE FUNCTION cancel_jobs(ids uuid[], at bigint) RETURNS TABLE (id uuid, is_running boolean) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
    INSERT INTO finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result, snoozes, unique_task, unique_until) SELECT id, run_at, created_at, keep_ms, fence, claimed_at, started_at, now_at, fire_at, now_at, NULL, lane, NULL, max_attempts, failures, rescues, steps, 5, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, NULL, snoozes, CASE WHEN unique_until > 0 THEN unique_task END, unique_until FROM gone),
  noted AS (
    INSERT INTO health (schedule_id, last_finished_at, failures)
    SELECT schedule_id, max(CASE WHEN 5 <> 3 THEN now_at END), count(*) FILTER (WHERE 5 <> 5)
    FROM gone WHERE schedule_id IS NOT NULL GROUP BY schedule_id ORDER BY schedule_id
    ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = coalesce(excluded.last_finished_at, health.last_finished_at),
      failures = health.failures + excluded.failures)
  SELECT id, false FROM gone;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('cancel_jobs', 'ba498760c37f18eee6d3812cc6223f42e73b8af6842b18454a90ed7fc6eea780', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Makes a finished job available anew, without its past. Its own row is locked first, then that of its schedule, whose guard is
-- compared and jobs_created raised with it; a schedule that is not there needs no guard.
CREATE OR REPLACE FUNCTION retry_job(of uuid, was_decided_until bigint, was_revision bigint, was_jobs_created bigint, at bigint) RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('retry_job', 'f0533efb9970a02c478372a46f0ac60ddf9a4eefcaec18d7189d2dda1ae9f085', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Writes the values of a new job into the one that holds its unique key, unless that one has ever been claimed. With waits it waits for
-- whoever holds the row.
CREATE OR REPLACE FUNCTION replace_job(holder uuid, job_values json, waits boolean, at bigint) RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('replace_job', '55770f398e63093abeaad71ff4653e2873f7215b859a43324aadf09914c461db', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Changes a job that waits and stands in the lane in which it was seen; what is null stays. Answers an empty text where that is another lane by now.
-- A payload stays once the job has been claimed. What is due at an instant that was asked for is not hastened.
CREATE OR REPLACE FUNCTION change_job(of uuid, seen_lane integer, new_lane integer, new_run_at bigint, new_payload text, at bigint) RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
BEGIN
  UPDATE job SET lane = new_lane, place = 2 * new_lane + place % 2, payload = coalesce(new_payload, payload),
    run_at = CASE WHEN new_run_at IS NULL THEN run_at ELSE greatest(new_run_at, now_at) END,
    state = CASE WHEN new_run_at IS NULL THEN state WHEN new_run_at <= now_at THEN 1 WHEN state = 3 THEN 3 ELSE 0 END,
    snoozed_at = CASE WHEN new_run_at IS NULL THEN snoozed_at END,
    origin = CASE WHEN new_run_at IS NOT NULL AND origin = 4 THEN 0 ELSE origin END
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('change_job', 'b5f7ef4227854a7f45c245baef95264a746cf30d3437c63076cb2223f5367c18', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

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
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  written text[];
  -- With what is taken back counted below zero.
  counted json;
BEGIN
  PERFORM FROM json_to_recordset(changes) AS new (id text, revision bigint, was_decided_until bigint, was_revision bigint, was_jobs_created bigint, was_orphaned_at bigint, was_timezone_data text) JOIN schedule ON schedule.id = new.id AND schedule.decided_until = new.was_decided_until AND schedule.revision = new.was_revision
      AND schedule.jobs_created = new.was_jobs_created AND schedule.timezone_data IS NOT DISTINCT FROM new.was_timezone_data
      AND (new.revision = new.was_revision OR schedule.orphaned_at IS NOT DISTINCT FROM new.was_orphaned_at)
    ORDER BY schedule.id FOR NO KEY UPDATE OF schedule;
  WITH changed AS (
    UPDATE schedule SET definition = coalesce(new.definition, schedule.definition), phase = new.phase, app = new.app, release = new.release,
      revision = new.revision, valid_from = new.valid_from, decided_until = new.decided_until, next_fire_at = new.next_fire_at,
      jobs_created = new.jobs_created, fires = new.fires, last_job_created_at = new.last_job_created_at, phase_by = new.phase_by,
      timezone_data = new.timezone_data, fired_ahead = new.fired_ahead, pause_note = new.pause_note,
      -- A decision that was read before a registration must not undo the mark which that made; a change has to have read it.
      orphaned_at = CASE WHEN schedule.revision = new.revision THEN schedule.orphaned_at ELSE new.orphaned_at END
    FROM json_to_recordset(changes) AS new (id text, definition text, phase text, app text, release bigint, revision bigint, valid_from bigint, decided_until bigint,
      next_fire_at bigint, jobs_created bigint, fires bigint, last_job_created_at bigint, orphaned_at bigint, phase_by text, timezone_data text, fired_ahead text, pause_note text, was_decided_until bigint, was_revision bigint, was_jobs_created bigint, was_orphaned_at bigint, was_timezone_data text) WHERE schedule.id = new.id AND schedule.decided_until = new.was_decided_until AND schedule.revision = new.was_revision
      AND schedule.jobs_created = new.was_jobs_created AND schedule.timezone_data IS NOT DISTINCT FROM new.was_timezone_data
      AND (new.revision = new.was_revision OR schedule.orphaned_at IS NOT DISTINCT FROM new.was_orphaned_at) RETURNING schedule.id),
  inserted AS (
    INSERT INTO schedule (id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead, pause_note) SELECT id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead, pause_note FROM json_to_recordset(creations) AS new (id text, definition text, phase text, app text, release bigint, revision bigint, valid_from bigint, decided_until bigint,
      next_fire_at bigint, jobs_created bigint, fires bigint, last_job_created_at bigint, orphaned_at bigint, phase_by text, timezone_data text, fired_ahead text, pause_note text) ORDER BY id
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
    INSERT INTO ledger (schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node) SELECT schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node
    FROM json_to_recordset(ledgers) AS new (schedule_id text, fire_at bigint, last_fire_at bigint, count bigint, outcome text, job_id uuid,
      decided_at bigint, next_fire_at bigint, revision bigint, timezone_data text, node text)
    WHERE written IS NULL OR schedule_id = ANY (written) RETURNING schedule_id, node, outcome, count)
  SELECT json_agg(each) INTO counted FROM (
    SELECT node, outcome, sum(n) AS n FROM (
      SELECT schedule_id, node, outcome, count AS n FROM new_rows
      UNION ALL SELECT * FROM json_to_recordset(counted) AS gone (schedule_id text, node text, outcome text, n bigint)) AS both_of_them
    -- Of each schedule on its own, once anything is taken back.
    GROUP BY node, outcome, CASE WHEN takes_back IS NOT NULL THEN schedule_id END HAVING sum(n) <> 0) AS each;
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
  IF counted IS NOT NULL THEN
    INSERT INTO total (node, kind, name, outcome, n)
      SELECT node, CASE WHEN new.n > 0 THEN 'fire' ELSE 'undecided' END, '', outcome, abs(sum(new.n))
      FROM json_to_recordset(counted) AS new (node text, outcome text, n bigint) GROUP BY 1, 2, 4 ORDER BY 1, 2, 4
    ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = total.n + excluded.n;
  END IF;
  RETURN written;
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('write_schedules', '27f6f3f3ffa435e4b3af9b2825e95b42230147340beb34a358f34b0b3e4eb01e', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Active schedules that are due, and the time; without any, one row with the time alone. skip_share, from 0 to 1, says where
-- among all that is due to begin, at the earliest or somewhere behind: those who begin elsewhere decide other
-- schedules. The order is that of the index, so that however many are due, no more are read than asked for.
CREATE OR REPLACE FUNCTION due_schedules(at bigint, most integer, skip_share double precision)
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('due_schedules', '7da60f60b827b2b97fc29643cb61b7020b3493519fefbd1d012d923a0d42e043', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- As insert_jobs(), but it fails with lock_not_available where another transaction holds what it needs. Then nothing is written.
CREATE OR REPLACE FUNCTION insert_jobs_soon(jobs json, at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan SET lock_timeout = 50 AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('insert_jobs_soon', 'b9700b03657a6a6355af1dbde6b6c47defe17c71357593a4a5f4380485e38caf', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- As complete_attempts(), but it gives up where another transaction holds what it needs.
CREATE OR REPLACE FUNCTION complete_attempts_soon(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN complete_attempts(ids, fences, results, at);
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('complete_attempts_soon', '4b55bb0b1417b2a8d8e26639619982cf32a55904bad90017383dcbad8cd02781', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- As end_attempts(), but it gives up where another transaction holds what it needs.
CREATE OR REPLACE FUNCTION end_attempts_soon(endings json, at bigint) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN QUERY SELECT * FROM end_attempts(endings, at);
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('end_attempts_soon', '56febad32e0181f1c0cb125ad59fa080d9dae7b64c2ff372f7724f71465ee399', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- As unpack_attempts(), but it gives up where another transaction holds what it needs.
CREATE OR REPLACE FUNCTION unpack_attempts_soon(ids uuid[], fences bigint[]) RETURNS integer LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN unpack_attempts(ids, fences);
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('unpack_attempts_soon', 'e59a56b18639b76aa4220d86fb304f2414b4a6c91b70b1ff654a1c73c05ce3a4', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- As write_schedules(), but it gives up where another transaction holds what it needs.
CREATE OR REPLACE FUNCTION write_schedules_soon(creations json, changes json, ledgers json, timelines json, jobs json, schedule_ids text[], at bigint, takes_back json) RETURNS text[] LANGUAGE plpgsql SET search_path FROM CURRENT SET lock_timeout = 50 AS $$
BEGIN
  RETURN write_schedules(creations, changes, ledgers, timelines, jobs, schedule_ids, at, takes_back);
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('write_schedules_soon', '8e1558348574a4c47a4fd6f79f46d3ee096e91b805ff9d250a432c55d36c3388', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Writes those of the jobs for which nobody has to be waited for, in the order given. Not written is also one whose id or unique
-- key is taken; held is one that another transaction may have written, or may be about to delete.
--
-- What fails is halved until it stands alone. Whoever has a key that was found to be held is held as well.
CREATE OR REPLACE FUNCTION insert_free_jobs(jobs json, at bigint, OUT written uuid[], OUT held uuid[]) LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET lock_timeout = 5 AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('insert_free_jobs', 'c678d746ac4ced5a0aea3769139e57f4541dc72b08b2e62ca9b217c27f486dad', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

-- Of the jobs of attempts those whose row or pack another transaction holds.
CREATE OR REPLACE FUNCTION held_attempts(ids uuid[], fences bigint[]) RETURNS SETOF uuid LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
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
INSERT INTO routine (name, hash, edition, made_at) VALUES ('held_attempts', '1f9617f61479e2ba238e5eeee7e6aaf17a75514001e5c0d4b09efa2bab7a061e', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;

CREATE OR REPLACE FUNCTION held_schedules(ids text[]) RETURNS SETOF text LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  free_ones text[] := ARRAY(SELECT id FROM schedule WHERE id = ANY (ids) FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
  RETURN QUERY SELECT id FROM schedule WHERE id = ANY (ids) AND NOT id = ANY (free_ones);
END
$$;
INSERT INTO routine (name, hash, edition, made_at) VALUES ('held_schedules', '19572ec1bf4242047a7f76ce363db4ee00bac7c2206afffc41b863a4c95740bd', 9, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at;
COMMIT;

-- @rows
DELETE FROM {schema}.store;
INSERT INTO {schema}.audit (id, at, actor, role, via, address, action, target_kind, target_id, before, after, reason, bulk_id, outcome, count) VALUES
  ('019cae00-0000-7000-8000-000000000950', '1772445600000', 'anna', 'operator', 'page', '192.0.2.7', 'queue.pause', 'queue', 'harbour', NULL, '{"isPaused":true}', 'storm', 'bulk-1', 'done', '1');
INSERT INTO {schema}.declared_set (app, hash, number, members) OVERRIDING SYSTEM VALUE VALUES
  ('tracker', 'set-1', '1', '[["minute-report","digest-1"]]');
SELECT setval(pg_get_serial_sequence('{schema}.declared_set', 'number'), (SELECT max(number) FROM {schema}.declared_set));
INSERT INTO {schema}.finished (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result, snoozes, unique_task, unique_until) VALUES
  ('019cae00-0000-7000-8000-000000000001', '1772445600000', '1772445600000', '86400000', '9217', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"', NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000002', '1772445600000', '1772445600000', '86400000', '9218', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"', NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000003', '1772445600000', '1772445600000', '86400000', '9219', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"', NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000004', '1772445600000', '1772445600000', '86400000', '9220', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '1', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '"docked"', NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000006', '1772445600000', '1772445600000', '86400000', '9222', '1772445600000', NULL, NULL, NULL, '1772445600000', NULL, '1', '3', '3', '1', '0', '0', '6', '0', '0', '1', '{"port":"Emden"}', NULL, NULL, NULL, '[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]', NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000803', '1772445600000', '1772445600000', '86400000', '12288', '1772445600000', NULL, NULL, NULL, '1772445600000', '1772532000000', '4', '3', '3', '0', '0', '0', '4', '0', '0', '0', '{"port":"Emden"}', 'tug', NULL, NULL, NULL, '1', NULL, 'mail', '1772454600000'),
  ('019cae00-0000-7000-8000-000000000130', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, '1772445600000', NULL, '1772445600000', NULL, '1', NULL, '3', '0', '0', '0', '5', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO {schema}.job (id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors, snoozes, snoozed_at, unique_until) VALUES
  ('019cae00-0000-7000-8000-000000000900', '1772445660000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, '1772445660000', '4', '2', '3', '0', '0', '0', '0', '1', '0', NULL, '{"port":"Emden"}', NULL, NULL, 'minute-report', NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000800', '1772445600000', '1772445600000', '86400000', '4096', NULL, NULL, NULL, NULL, '3', '1', '3', '0', '1', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000801', '1772445600000', '1772445600000', '86400000', '6144', '1772445600000', '1772445600000', NULL, NULL, '-3', '4', '3', '0', '0', '1', '1', '0', '1', NULL, '{"port":"Emden"}', NULL, NULL, NULL, '0.5', NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000005', '1772445660000', '1772445600000', '86400000', '9221', NULL, NULL, NULL, NULL, '2', '1', '3', '1', '0', '0', '3', '0', '0', '1', '{"port":"Emden"}', NULL, NULL, NULL, NULL, '[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]', NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000802', '1772445660000', '1772445600000', '86400000', '10240', NULL, NULL, NULL, NULL, '8', '4', '3', '0', '0', '0', '0', '0', '0', '3', '{"port":"Emden"}', 'mail', 'pilot', NULL, NULL, NULL, '1', '1772445600000', '1772454600000'),
  ('019cae00-0000-7000-8000-000000000100', '1772445600000', '1772445600000', '0', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000101', '1772445600000', '1772445600000', '0', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000102', '1772445600000', '1772445600000', '0', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000110', '1772449200000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '0', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000111', '1772449200000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '0', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000112', '1772449200000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '0', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000120', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '2', '1', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', 'report', 'Emden', NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000121', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '10', '5', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000122', '1772445600000', '1772445600000', '86400000', NULL, NULL, NULL, NULL, NULL, '8', '4', '3', '0', '0', '0', '1', '0', '0', NULL, '{"port":"Emden"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO {schema}.lane (id, task, queue, priority, copy) OVERRIDING SYSTEM VALUE VALUES
  ('1', 'report', 'default', '0', '0'),
  ('2', 'fired', 'default', '0', '0'),
  ('3', 'load', 'default', '0', '0'),
  ('4', 'mail', 'default', '0', '0'),
  ('5', 'report', 'harbour', '-5', '0');
SELECT setval(pg_get_serial_sequence('{schema}.lane', 'id'), (SELECT max(id) FROM {schema}.lane));
INSERT INTO {schema}.ledger (schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node) VALUES
  ('minute-report', '1772445660000', '1772445660000', '1', 'fired', '019cae00-0000-7000-8000-000000000900', '1772445660000', '1772445720000', '1', '2026a', 'node-a');
INSERT INTO {schema}.node (number, id, host, pid, boot_id, roles, tasks, declares, release, version, timezone_data, counter, phase, started_at, renewed_at, ended_at, layout, vitals) OVERRIDING SYSTEM VALUE VALUES
  ('1', 'node-a', 'harbour', '4711', 'boot-1', '["worker"]', '["report"]', '[]', '1', '0.1.0', '2026a', '0', 'alive', '1772445600000', '1772445600000', NULL, '8', NULL),
  ('2', 'node-b', 'harbour', '4711', 'boot-1', '["worker"]', '["load"]', '[]', '1', '0.1.0', '2026a', '0', 'alive', '1772445600000', '1772445600000', NULL, '8', NULL),
  ('3', 'node-that-left', 'harbour', '4711', 'boot-1', '["worker"]', '["report"]', '[]', '1', '0.1.0', '2026a', '0', 'left', '1772445600000', '1772445600000', '1772445600000', '8', NULL);
SELECT setval(pg_get_serial_sequence('{schema}.node', 'number'), (SELECT max(number) FROM {schema}.node));
INSERT INTO {schema}.pack (number, runner, claimed_at, greatest_id, remaining, is_kept, gone, ids, jobs) VALUES
  ('4', '3', '1772445600000', '019cae00-0000-7000-8000-000000000020', '14', 't', '11111100000000000000', '{019cae00-0000-7000-8000-000000000001,019cae00-0000-7000-8000-000000000002,019cae00-0000-7000-8000-000000000003,019cae00-0000-7000-8000-000000000004,019cae00-0000-7000-8000-000000000005,019cae00-0000-7000-8000-000000000006,019cae00-0000-7000-8000-000000000007,019cae00-0000-7000-8000-000000000008,019cae00-0000-7000-8000-000000000009,019cae00-0000-7000-8000-000000000010,019cae00-0000-7000-8000-000000000011,019cae00-0000-7000-8000-000000000012,019cae00-0000-7000-8000-000000000013,019cae00-0000-7000-8000-000000000014,019cae00-0000-7000-8000-000000000015,019cae00-0000-7000-8000-000000000016,019cae00-0000-7000-8000-000000000017,019cae00-0000-7000-8000-000000000018,019cae00-0000-7000-8000-000000000019,019cae00-0000-7000-8000-000000000020}', E'{"(019cae00-0000-7000-8000-000000000001,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000002,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000003,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000004,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000005,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000006,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000007,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000008,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000009,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000010,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000011,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000012,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000013,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000014,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000015,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000016,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000017,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000018,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000019,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)","(019cae00-0000-7000-8000-000000000020,1772445600000,1772445600000,86400000,,,,,,2,1,3,0,0,0,1,0,0,,\\"{\\"\\"port\\"\\":\\"\\"Emden\\"\\"}\\",,,,,,,,)"}');
INSERT INTO {schema}.paused_queue (queue, paused_at) VALUES
  ('harbour', '1772445600000');
INSERT INTO {schema}.redaction (task, path) VALUES
  ('mail', 'to');
INSERT INTO {schema}.registration (app, release, hash) VALUES
  ('tracker', '1', 'set-1');
INSERT INTO {schema}.runner (id, node) OVERRIDING SYSTEM VALUE VALUES
  ('1', 'node-b'),
  ('2', 'node-that-died'),
  ('3', 'node-a');
SELECT setval(pg_get_serial_sequence('{schema}.runner', 'id'), (SELECT max(id) FROM {schema}.runner));
INSERT INTO {schema}.schedule (id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead, pause_note) VALUES
  ('paused', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 'paused', 'tracker', '1', '1', '1772445600000', '1772445600000', NULL, '0', '0', NULL, NULL, 'operator', NULL, NULL, '[1,"The crane is broken."]'),
  ('minute-report', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 'active', 'tracker', '1', '1', '1772445600000', '1772445660000', '1772445720000', '1', '1', '1772445660000', NULL, NULL, NULL, NULL, NULL);
INSERT INTO {schema}.seat (seat, term, counter, ttl_ms, holder, host, pid, elected_at, renewed_at) VALUES
  ('primary', '1', '1', '15000', 'node-a', 'harbour', '4711', '1772445600000', '1772445600000');
INSERT INTO {schema}.session (id_hash, token_id, actor, role, csrf_hash, created_at, expires_at, revoked_at) VALUES
  ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', '019cae00-0000-7000-8000-000000000960', 'anna', 'operator', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '1772445600000', '1772488800000', NULL);
INSERT INTO {schema}.step (number, job_id, name, result) OVERRIDING SYSTEM VALUE VALUES
  ('1', '019cae00-0000-7000-8000-000000000801', 'send', '{"sent":true}');
SELECT setval(pg_get_serial_sequence('{schema}.step', 'number'), (SELECT max(number) FROM {schema}.step));
INSERT INTO {schema}.store (one, id, ledger_pruned_until, import_of, import_parts) VALUES
  ('t', 'd80fcef3-49e6-41a5-b5f3-e8dbdd57ddb5', NULL, NULL, NULL);
INSERT INTO {schema}.timeline (schedule_id, number, revision, phase, definition, valid_from, release, phase_by) OVERRIDING SYSTEM VALUE VALUES
  ('minute-report', '1', '1', 'active', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', '1772445600000', '1', NULL),
  ('paused', '2', '1', 'paused', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', '1772445600000', '1', 'operator');
SELECT setval(pg_get_serial_sequence('{schema}.timeline', 'number'), (SELECT max(number) FROM {schema}.timeline));
INSERT INTO {schema}.token (id, name, secret_hash, role, created_at, created_by, expires_at, revoked_at, last_used_at) VALUES
  ('019cae00-0000-7000-8000-000000000960', 'deploy', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'operator', '1772445600000', 'anna', NULL, NULL, NULL);
INSERT INTO {schema}.total (node, kind, name, outcome, n) VALUES
  ('node-a', 'fire', '', 'fired', '1');
SELECT setval('{schema}.fence', 6);

-- @records
/* {"pausedQueue":[{"queue":"harbour","pausedAt":1772445600000}],"registration":[{"app":"tracker","release":1,"hash":"set-1"}],"seat":[{"seat":"primary","term":1,"counter":1,"ttlMs":15000,"holder":{"id":"node-a","host":"harbour","pid":4711},"electedAt":1772445600000,"renewedAt":1772445600000}],"redaction":[{"task":"mail","path":"to"}],"audit":[{"id":"019cae00-0000-7000-8000-000000000950","at":1772445600000,"actor":"anna","role":"operator","via":"page","address":"192.0.2.7","action":"queue.pause","targetKind":"queue","targetId":"harbour","after":"{\"isPaused\":true}","reason":"storm","bulkId":"bulk-1","outcome":"done","count":1}],"job":[{"id":"019cae00-0000-7000-8000-000000000900","task":"fired","queue":"default","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","scheduleId":"minute-report","fireAt":1772445660000,"origin":"fire","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000803","task":"mail","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","uniqueKey":"tug","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":12288,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"1","snoozes":0,"uniqueUntil":1772454600000},{"id":"019cae00-0000-7000-8000-000000000802","task":"mail","queue":"default","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","uniqueKey":"pilot","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":10240,"errors":[],"state":"scheduled","snoozes":1,"snoozedAt":1772445600000,"uniqueUntil":1772454600000},{"id":"019cae00-0000-7000-8000-000000000801","task":"mail","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-most-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":6144,"claimedAt":1772445600000,"startedAt":1772445600000,"progress":"0.5","errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000800","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":1,"fence":4096,"errors":[],"state":"available","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000130","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"cancelRequestedAt":1772445600000,"errors":[],"state":"cancelled","finishedAt":1772445600000,"snoozes":0},{"id":"019cae00-0000-7000-8000-000000000122","task":"mail","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000121","task":"report","queue":"harbour","priority":-5,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000120","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","uniqueKey":"Emden","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000112","task":"report","queue":"default","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000111","task":"report","queue":"default","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000110","task":"report","queue":"default","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"scheduled","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000102","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000101","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000100","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"errors":[],"state":"available","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000020","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9236,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000019","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9235,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000018","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9234,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000017","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9233,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000016","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9232,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000015","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9231,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000014","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9230,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000013","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9229,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000012","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9228,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000011","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9227,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000010","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9226,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000009","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9225,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000008","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9224,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000007","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9223,"claimedAt":1772445600000,"errors":[],"state":"running","node":"node-a","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000006","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":1,"rescues":0,"fence":9222,"claimedAt":1772445600000,"errors":[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}],"state":"discarded","node":"node-a","finishedAt":1772445600000,"snoozes":0},{"id":"019cae00-0000-7000-8000-000000000005","task":"report","queue":"default","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":1,"rescues":0,"fence":9221,"errors":[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}],"state":"retryable","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000004","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9220,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\"","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000003","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9219,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\"","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000002","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9218,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\"","snoozes":0},{"id":"019cae00-0000-7000-8000-000000000001","task":"report","queue":"default","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","origin":"enqueue","maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":9217,"claimedAt":1772445600000,"errors":[],"state":"completed","node":"node-a","finishedAt":1772445600000,"result":"\"docked\"","snoozes":0}],"step":[{"jobId":"019cae00-0000-7000-8000-000000000801","name":"send","result":"{\"sent\":true}"}],"ledger":[{"scheduleId":"minute-report","fireAt":1772445660000,"lastFireAt":1772445660000,"count":1,"outcome":"fired","jobId":"019cae00-0000-7000-8000-000000000900","decidedAt":1772445660000,"nextFireAt":1772445720000,"revision":1,"timezoneData":"2026a","node":"node-a"}],"timeline":[{"scheduleId":"minute-report","revision":1,"phase":"active","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"validFrom":1772445600000,"release":1},{"scheduleId":"paused","revision":1,"phase":"paused","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"validFrom":1772445600000,"release":1,"phaseBy":"operator"}],"schedule":[{"id":"minute-report","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"phase":"active","app":"tracker","release":1,"revision":1,"validFrom":1772445600000,"decidedUntil":1772445660000,"nextFireAt":1772445720000,"jobsCreated":1,"fires":1,"lastJobCreatedAt":1772445660000},{"id":"paused","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"phase":"paused","app":"tracker","release":1,"revision":1,"validFrom":1772445600000,"decidedUntil":1772445600000,"jobsCreated":0,"fires":0,"phaseBy":"operator","pauseNote":"The crane is broken."}],"node":[{"id":"node-a","phase":"alive","tasks":["report"]},{"id":"node-b","phase":"alive","tasks":["load"]},{"id":"node-that-left","phase":"left","tasks":["report"]}]} */

-- @enqueue
SELECT {schema}.enqueue('load', '{}', keep => interval '1 day') AS id;

-- @claim
SELECT id, fence FROM {schema}.claim((SELECT id FROM {schema}.runner WHERE node = 'node-b'), ARRAY['load'], NULL, 5, false, NULL, NULL, NULL, NULL) WHERE id IS NOT NULL;

-- @complete
SELECT {schema}.complete_attempts($1, $2, NULL, NULL);
