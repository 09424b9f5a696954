-- Written by "npm run schema", and compared with the code by a test: not to be edited.
-- What the numbers in the columns stand for is in src/stores/sql/codes.ts. Instants are epoch milliseconds.
-- It is made in the file of the books by whoever opens it first.

CREATE TABLE IF NOT EXISTS escapement_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, min_compatible INTEGER NOT NULL, applied_at INTEGER NOT NULL);

-- An unfinished job is a row of job. Where it stands is said by small rows beside it, so that a claim and its settle
-- never rewrite the row with the payload:
--
-- - scheduled or retryable (state 0 or 3): found through job_waiting, job_next and, in the order of a claim, job_due;
-- - available (state 1): a row of ready, or of solo if it was rescued once;
-- - running (state 1 as well): a row of running, under the fence of its claim; is_plain says that nothing is to be
--   kept of the job, nor deleted beside it, once it is completed.
--
-- lane says which job of ready is the first of its task, queue and priority, so that a claim finds the first of all lanes however many
-- there are; a lane that has nothing is not there.
--
-- A finished job is moved to finished, or deleted. name holds the names of tasks and queues, which rows have as
-- numbers; the numbers of states, origins, deliveries and outcomes are those of src/stores/sql/codes.ts. All names begin with
-- escapement_, because the file may be that of an app, which has tables of its own. A CHECK says OR: of more than two
-- values in an IN SQLite makes a table at each insert.
CREATE TABLE escapement_store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  last_fence INTEGER NOT NULL DEFAULT 0,
  ledger_pruned_until INTEGER,
  import_of TEXT,
  import_parts INTEGER
);

CREATE TABLE escapement_name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

CREATE TABLE escapement_job (
  id TEXT PRIMARY KEY,
  state INTEGER NOT NULL CHECK (state = 0 OR state = 1 OR state = 3),
  task INTEGER NOT NULL,
  queue INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  payload TEXT NOT NULL,
  unique_key TEXT,
  schedule_id TEXT,
  fire_at INTEGER,
  origin INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  delivery INTEGER NOT NULL,
  keep_ms INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  rescues INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0,
  fence INTEGER,
  outcome INTEGER,
  progress TEXT,
  errors TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX escapement_job_unique ON escapement_job (task, unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX escapement_job_schedule ON escapement_job (schedule_id) WHERE schedule_id IS NOT NULL;
CREATE INDEX escapement_job_waiting ON escapement_job (task, queue, run_at, state) WHERE state IN (0, 3);
CREATE INDEX escapement_job_next ON escapement_job (task, run_at) WHERE state IN (0, 3);
CREATE INDEX escapement_job_due ON escapement_job (priority, run_at, id) WHERE state IN (0, 3);

CREATE TABLE escapement_ready (
  task INTEGER NOT NULL,
  queue INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (task, queue, priority, run_at, id)
) WITHOUT ROWID;

CREATE TABLE escapement_lane (
  task INTEGER NOT NULL,
  queue INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (task, queue, priority)
) WITHOUT ROWID;
CREATE INDEX escapement_lane_rank ON escapement_lane (priority, run_at, id);

CREATE TABLE escapement_solo (
  task INTEGER NOT NULL,
  queue INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (task, queue, priority, run_at, id)
) WITHOUT ROWID;

CREATE TABLE escapement_running (
  id TEXT PRIMARY KEY,
  fence INTEGER NOT NULL,
  node TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  is_plain INTEGER NOT NULL,
  started_at INTEGER,
  cancel_requested_at INTEGER
) WITHOUT ROWID;

CREATE TABLE escapement_finished (
  id TEXT PRIMARY KEY,
  state INTEGER NOT NULL CHECK (state = 4 OR state = 5 OR state = 6),
  task INTEGER NOT NULL,
  queue INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  payload TEXT NOT NULL,
  unique_key TEXT,
  schedule_id TEXT,
  fire_at INTEGER,
  origin INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  delivery INTEGER NOT NULL,
  keep_ms INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  rescues INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  fence INTEGER,
  outcome INTEGER,
  progress TEXT,
  errors TEXT,
  node TEXT,
  claimed_at INTEGER,
  started_at INTEGER,
  cancel_requested_at INTEGER,
  finished_at INTEGER NOT NULL,
  result TEXT,
  drop_at INTEGER
) WITHOUT ROWID;
CREATE INDEX escapement_finished_drop ON escapement_finished (drop_at) WHERE drop_at IS NOT NULL;
CREATE INDEX escapement_finished_unsuccessful ON escapement_finished (finished_at) WHERE drop_at IS NULL;
CREATE INDEX escapement_finished_unsuccessful_state ON escapement_finished (state) WHERE drop_at IS NULL;
CREATE INDEX escapement_finished_schedule ON escapement_finished (schedule_id) WHERE schedule_id IS NOT NULL;

CREATE TABLE escapement_step (
  number INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL,
  name TEXT NOT NULL,
  result TEXT NOT NULL,
  UNIQUE (job_id, name)
);

CREATE TABLE escapement_paused_queue (queue TEXT PRIMARY KEY, paused_at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE escapement_schedule (
  id TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  phase TEXT NOT NULL,
  app TEXT NOT NULL,
  release INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  decided_until INTEGER NOT NULL,
  next_fire_at INTEGER,
  jobs_created INTEGER NOT NULL,
  fires INTEGER NOT NULL,
  last_job_created_at INTEGER,
  orphaned_at INTEGER,
  phase_by TEXT,
  timezone_data TEXT,
  fired_ahead TEXT
) WITHOUT ROWID;
CREATE INDEX escapement_schedule_aside ON escapement_schedule (app, id) WHERE orphaned_at IS NOT NULL OR phase = 'removed' OR phase_by = 'orphans';
CREATE INDEX escapement_schedule_due ON escapement_schedule (next_fire_at) WHERE phase = 'active' AND next_fire_at IS NOT NULL;

CREATE TABLE escapement_timeline (
  number INTEGER PRIMARY KEY,
  schedule_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  phase TEXT NOT NULL,
  definition TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  release INTEGER NOT NULL,
  phase_by TEXT
);
CREATE INDEX escapement_timeline_schedule ON escapement_timeline (schedule_id);

CREATE TABLE escapement_ledger (
  schedule_id TEXT NOT NULL,
  fire_at INTEGER NOT NULL,
  last_fire_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  job_id TEXT,
  decided_at INTEGER NOT NULL,
  next_fire_at INTEGER,
  revision INTEGER NOT NULL,
  timezone_data TEXT NOT NULL,
  node TEXT NOT NULL,
  PRIMARY KEY (schedule_id, fire_at)
) WITHOUT ROWID;
CREATE INDEX escapement_ledger_age ON escapement_ledger (last_fire_at);

CREATE TABLE escapement_registration (app TEXT PRIMARY KEY, release INTEGER NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE escapement_declared_set (
  number INTEGER PRIMARY KEY,
  app TEXT NOT NULL,
  hash TEXT NOT NULL,
  members TEXT,
  UNIQUE (app, hash)
);

CREATE TABLE escapement_node (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  roles TEXT NOT NULL,
  tasks TEXT NOT NULL,
  declares TEXT NOT NULL,
  release INTEGER NOT NULL,
  version TEXT NOT NULL,
  timezone_data TEXT NOT NULL,
  counter INTEGER NOT NULL,
  phase TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  ended_at INTEGER
);

CREATE TABLE escapement_seat (
  seat TEXT PRIMARY KEY,
  term INTEGER NOT NULL,
  counter INTEGER NOT NULL,
  ttl_ms INTEGER NOT NULL,
  holder TEXT,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  elected_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL
) WITHOUT ROWID;

-- How many migrations the release of the node knows.
ALTER TABLE escapement_node ADD COLUMN layout INTEGER NOT NULL DEFAULT 1;

-- Null: never, and while it is unfinished. unique_until is 0 for a job that holds its key while it waits to run, else the instant
-- until which it holds it at least, finished or not.
ALTER TABLE escapement_job ADD COLUMN snoozes INTEGER;
ALTER TABLE escapement_job ADD COLUMN snoozed_at INTEGER;
ALTER TABLE escapement_job ADD COLUMN unique_until INTEGER;

-- The same of those finished jobs that have any of it. An earlier release, which adds rows to finished by the order of its columns,
-- leaves these out and may leave one behind.
CREATE TABLE escapement_finished_more (
  id TEXT PRIMARY KEY,
  snoozes INTEGER,
  task INTEGER,
  unique_key TEXT,
  unique_until INTEGER
) WITHOUT ROWID;
CREATE INDEX escapement_finished_more_unique ON escapement_finished_more (task, unique_key) WHERE task IS NOT NULL;

-- Why a person has paused it: JSON, the revision that the note was written with, and the note. A release that knows no
-- notes raises the revision and leaves the note: then it is none any more.
ALTER TABLE escapement_schedule ADD COLUMN pause_note TEXT;

-- Wall time minus the host's monotonic time, in milliseconds, with which a process that starts compares its clock.
ALTER TABLE escapement_node ADD COLUMN clock_offset INTEGER;

-- A path such as items.*.iban. Processes that do not know the task show its jobs too. Paths are added only: jobs of an earlier
-- release have what they name.
CREATE TABLE escapement_redaction (task TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (task, path)) WITHOUT ROWID;

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

-- Who changed what. "before" and "after" are JSON without payloads. "count" is above 1 for refused attempts only.
CREATE TABLE escapement_audit (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  role TEXT,
  via TEXT NOT NULL,
  address TEXT,
  action TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id TEXT NOT NULL,
  before TEXT,
  after TEXT,
  reason TEXT,
  bulk_id TEXT,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX escapement_audit_age ON escapement_audit (at, id);
CREATE INDEX escapement_audit_actor ON escapement_audit (actor, at, id);
CREATE INDEX escapement_audit_action ON escapement_audit (action, at, id);
CREATE INDEX escapement_audit_target ON escapement_audit (target_kind, target_id, at, id);

-- Hashes are SHA-256, in hexadecimal. The secrets themselves are nowhere in the books.
CREATE TABLE escapement_token (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
) WITHOUT ROWID;

-- Somebody who has logged in, with a token or as the app says. A session ends with its token.
CREATE TABLE escapement_session (
  id_hash TEXT PRIMARY KEY,
  token_id TEXT,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  csrf_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX escapement_session_expiry ON escapement_session (expires_at);

-- The look at the books that one process does for all, or no row before the first: number is its fence, finished the number of the last one that wrote.
CREATE TABLE escapement_alert_pass (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL DEFAULT 0,
  began_at INTEGER NOT NULL DEFAULT 0,
  finished INTEGER NOT NULL DEFAULT 0,
  finished_at INTEGER,
  memory TEXT
);

-- What a pass found and is told of. body is the rest of it, as JSON.
CREATE TABLE escapement_incident (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  resolved_at INTEGER,
  told TEXT NOT NULL,
  flaps INTEGER NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  seen_at INTEGER NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX escapement_incident_open ON escapement_incident (rule, subject) WHERE resolved_at IS NULL;
CREATE INDEX escapement_incident_resolved ON escapement_incident (resolved_at) WHERE resolved_at IS NOT NULL;

-- One notice for one channel, which some process sends. ended_at: it was sent, or given up.
CREATE TABLE escapement_notice (
  id TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  held_until INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  ended_at INTEGER,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX escapement_notice_waiting ON escapement_notice (channel, made_at) WHERE ended_at IS NULL;
CREATE INDEX escapement_notice_ended ON escapement_notice (ended_at) WHERE ended_at IS NOT NULL;

-- What a pass looks for. Jobs that no schedule fired, and fire times that fired, pay nothing for it.
CREATE INDEX escapement_job_fired ON escapement_job (run_at) WHERE schedule_id IS NOT NULL;
CREATE INDEX escapement_ledger_unfired ON escapement_ledger (decided_at) WHERE outcome <> 'fired';
CREATE INDEX escapement_schedule_endless ON escapement_schedule (id) WHERE phase = 'active' AND next_fire_at IS NULL;

-- Schedules that will not fire by themselves, schedules that no code names, and the ids of all: those are written when a schedule comes or goes.
CREATE INDEX escapement_schedule_resting ON escapement_schedule (id, phase) WHERE next_fire_at IS NULL;
CREATE INDEX escapement_schedule_orphaned ON escapement_schedule (id) WHERE orphaned_at IS NOT NULL OR phase_by = 'orphans';
CREATE INDEX escapement_schedule_id ON escapement_schedule (id);
