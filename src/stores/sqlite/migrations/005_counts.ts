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
`
