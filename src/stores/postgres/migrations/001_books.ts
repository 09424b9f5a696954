import { IS_ASIDE } from '../../sql/schedule-rows.ts'

export const books = `
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
CREATE INDEX schedule_aside ON schedule (app, id) WHERE ${IS_ASIDE};
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
`
