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
`
