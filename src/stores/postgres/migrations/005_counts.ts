/** What the books count. Earlier releases may run at the same time: the routines count for them too. */
export const counts = `
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
`
