/** Earlier releases may run at the same time: they neither read nor need these. */
export const alerts = `
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
`
