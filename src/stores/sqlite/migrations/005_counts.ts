/**
 * What the books count. An earlier release that runs at the same time leaves out its decisions: its part of the ledger
 * is then not in the totals.
 */
export const counts = `
-- Sums that only grow, by kind (fire, undecided, job), name (of the task, or empty) and outcome. Each node has rows of its own; the empty node
-- has the sum of those that are gone.
CREATE TABLE escapement_total (
  node TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (node, kind, name, outcome)
) WITHOUT ROWID;
INSERT INTO escapement_total (node, kind, name, outcome, n) SELECT '', 'fire', '', outcome, sum(count) FROM escapement_ledger GROUP BY outcome;

-- How the jobs of each schedule have ended: when one finished last, when one completed last, the attempts that have failed since then, and
-- how long the last completed one took.
CREATE TABLE escapement_health (
  schedule_id TEXT PRIMARY KEY,
  last_finished_at INTEGER,
  last_success_at INTEGER,
  failures INTEGER NOT NULL,
  last_duration_ms INTEGER
) WITHOUT ROWID;
CREATE INDEX escapement_health_failing ON escapement_health (schedule_id) WHERE failures > 0;

-- How attempts ended in spans of time, with histograms of their waits and runs; the bounds of the buckets are in
-- src/core/counts/tally.ts. Level 0 has a row for each minute, task and node; the others, without a node, a row for each minute (1), 10 minutes
-- (2) and hour (3). Rows of a level are added to those of the next when they are old enough.
CREATE TABLE escapement_tally (
  level INTEGER NOT NULL,
  at INTEGER NOT NULL,
  task TEXT NOT NULL,
  node TEXT NOT NULL,
  completed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  discarded INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  stale INTEGER NOT NULL,
  wait_ms INTEGER NOT NULL,
  run_ms INTEGER NOT NULL,
  wait_0 INTEGER NOT NULL,
  wait_1 INTEGER NOT NULL,
  wait_2 INTEGER NOT NULL,
  wait_3 INTEGER NOT NULL,
  wait_4 INTEGER NOT NULL,
  wait_5 INTEGER NOT NULL,
  wait_6 INTEGER NOT NULL,
  wait_7 INTEGER NOT NULL,
  wait_8 INTEGER NOT NULL,
  wait_9 INTEGER NOT NULL,
  wait_10 INTEGER NOT NULL,
  wait_11 INTEGER NOT NULL,
  run_0 INTEGER NOT NULL,
  run_1 INTEGER NOT NULL,
  run_2 INTEGER NOT NULL,
  run_3 INTEGER NOT NULL,
  run_4 INTEGER NOT NULL,
  run_5 INTEGER NOT NULL,
  run_6 INTEGER NOT NULL,
  run_7 INTEGER NOT NULL,
  run_8 INTEGER NOT NULL,
  run_9 INTEGER NOT NULL,
  run_10 INTEGER NOT NULL,
  run_11 INTEGER NOT NULL,
  PRIMARY KEY (level, at, task, node)
) WITHOUT ROWID;

-- How the process was at its latest renewal, as JSON.
ALTER TABLE escapement_node ADD COLUMN vitals TEXT;
`
