-- Books of an earlier layout, as the code of that time made and filled them. A published layout is never changed.
-- The next one is one more file like this: ESCAPEMENT_WRITE_LAYOUT=1 npm test -- tests/stores/postgres/schema/layouts.test.ts tests/stores/sqlite/layouts.test.ts

-- @schema
CREATE TABLE escapement_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, min_compatible INTEGER NOT NULL, applied_at INTEGER NOT NULL);
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
, snoozes INTEGER, snoozed_at INTEGER, unique_until INTEGER) WITHOUT ROWID;
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
, pause_note TEXT) WITHOUT ROWID;
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
, layout INTEGER NOT NULL DEFAULT 1, clock_offset INTEGER, vitals TEXT);
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
CREATE TABLE escapement_finished_more (
  id TEXT PRIMARY KEY,
  snoozes INTEGER,
  task INTEGER,
  unique_key TEXT,
  unique_until INTEGER
) WITHOUT ROWID;
CREATE INDEX escapement_finished_more_unique ON escapement_finished_more (task, unique_key) WHERE task IS NOT NULL;
CREATE TABLE escapement_redaction (task TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (task, path)) WITHOUT ROWID;
CREATE TABLE escapement_total (
  node TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (node, kind, name, outcome)
) WITHOUT ROWID;
CREATE TABLE escapement_health (
  schedule_id TEXT PRIMARY KEY,
  last_finished_at INTEGER,
  last_success_at INTEGER,
  failures INTEGER NOT NULL,
  last_duration_ms INTEGER
) WITHOUT ROWID;
CREATE INDEX escapement_health_failing ON escapement_health (schedule_id) WHERE failures > 0;
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
CREATE TABLE escapement_alert_pass (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL DEFAULT 0,
  began_at INTEGER NOT NULL DEFAULT 0,
  finished INTEGER NOT NULL DEFAULT 0,
  finished_at INTEGER,
  memory TEXT
);
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
CREATE INDEX escapement_job_fired ON escapement_job (run_at) WHERE schedule_id IS NOT NULL;
CREATE INDEX escapement_ledger_unfired ON escapement_ledger (decided_at) WHERE outcome <> 'fired';
CREATE INDEX escapement_schedule_endless ON escapement_schedule (id) WHERE phase = 'active' AND next_fire_at IS NULL;
CREATE INDEX escapement_schedule_resting ON escapement_schedule (id, phase) WHERE next_fire_at IS NULL;
CREATE INDEX escapement_schedule_orphaned ON escapement_schedule (id) WHERE orphaned_at IS NOT NULL OR phase_by = 'orphans';
CREATE INDEX escapement_schedule_id ON escapement_schedule (id);

-- @rows
INSERT INTO escapement_audit (id, at, actor, role, via, address, action, target_kind, target_id, before, after, reason, bulk_id, outcome, count) VALUES
  ('019cae00-0000-7000-8000-000000000950', 1772445600000, 'anna', 'operator', 'page', '192.0.2.7', 'queue.pause', 'queue', 'harbour', NULL, '{"isPaused":true}', 'storm', 'bulk-1', 'done', 1);
INSERT INTO escapement_declared_set (number, app, hash, members) VALUES
  (1, 'tracker', 'set-1', '[["minute-report","digest-1"]]');
INSERT INTO escapement_finished (id, state, task, queue, priority, run_at, payload, unique_key, schedule_id, fire_at, origin, max_attempts, delivery, keep_ms, created_at, failures, rescues, steps, fence, outcome, progress, errors, node, claimed_at, started_at, cancel_requested_at, finished_at, result, drop_at) VALUES
  ('019cae00-0000-7000-8000-000000000001', 4, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, 4, 0, NULL, NULL, 'node-a', 1772445600000, NULL, NULL, 1772445600000, '"docked"', 1772532000000),
  ('019cae00-0000-7000-8000-000000000002', 4, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, 5, 0, NULL, NULL, 'node-a', 1772445600000, NULL, NULL, 1772445600000, '"docked"', 1772532000000),
  ('019cae00-0000-7000-8000-000000000003', 4, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, 6, 0, NULL, NULL, 'node-a', 1772445600000, NULL, NULL, 1772445600000, '"docked"', 1772532000000),
  ('019cae00-0000-7000-8000-000000000004', 4, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, 7, 0, NULL, NULL, 'node-a', 1772445600000, NULL, NULL, 1772445600000, '"docked"', 1772532000000),
  ('019cae00-0000-7000-8000-000000000006', 6, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 1, 0, 0, 9, 1, NULL, '[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]', 'node-a', 1772445600000, NULL, NULL, 1772445600000, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000130', 5, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1772445600000, 1772445600000, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000803', 4, 5, 2, 0, 1772445600000, '{"port":"Emden"}', 'tug', NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, 25, 0, NULL, NULL, 'node-a', 1772445600000, NULL, NULL, 1772445600000, '1', 1772532000000);
INSERT INTO escapement_finished_more (id, snoozes, task, unique_key, unique_until) VALUES
  ('019cae00-0000-7000-8000-000000000803', NULL, 5, 'tug', 1772454600000);
INSERT INTO escapement_job (id, state, task, queue, priority, run_at, payload, unique_key, schedule_id, fire_at, origin, max_attempts, delivery, keep_ms, created_at, failures, rescues, steps, fence, outcome, progress, errors, snoozes, snoozed_at, unique_until) VALUES
  ('019cae00-0000-7000-8000-000000000005', 3, 4, 2, 0, 1772445660000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 1, 0, 0, 8, 1, NULL, '[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]', NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000007', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000008', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000009', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000010', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000011', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000012', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000013', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000014', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000015', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000016', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000017', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000018', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000019', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000020', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000100', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 0, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000101', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 0, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000102', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 0, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000110', 0, 4, 2, 0, 1772449200000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000111', 0, 4, 2, 0, 1772449200000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000112', 0, 4, 2, 0, 1772449200000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000120', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', 'Emden', NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000121', 1, 4, 6, -5, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000122', 1, 5, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000800', 1, 4, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 1, 0, 2, NULL, NULL, NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000801', 1, 5, 2, 0, 1772445600000, '{"port":"Emden"}', NULL, NULL, NULL, 0, 3, 1, 86400000, 1772445600000, 0, 0, 1, NULL, NULL, '0.5', NULL, NULL, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000802', 0, 5, 2, 0, 1772445660000, '{"port":"Emden"}', 'pilot', NULL, NULL, 0, 3, 0, 86400000, 1772445600000, 0, 0, 0, 24, 3, NULL, NULL, 1, 1772445600000, 1772454600000),
  ('019cae00-0000-7000-8000-000000000900', 0, 1, 2, 0, 1772445660000, '{"port":"Emden"}', NULL, 'minute-report', 1772445660000, 1, 3, 0, 86400000, 1772445600000, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO escapement_lane (task, queue, priority, run_at, id) VALUES
  (4, 6, -5, 1772445600000, '019cae00-0000-7000-8000-000000000121'),
  (4, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000100'),
  (5, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000122');
INSERT INTO escapement_ledger (schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node) VALUES
  ('minute-report', 1772445660000, 1772445660000, 1, 'fired', '019cae00-0000-7000-8000-000000000900', 1772445660000, 1772445720000, 1, '2026a', 'node-a');
INSERT INTO escapement_migration (number, name, checksum, min_compatible, applied_at) VALUES
  (1, 'books', '915fd5f7dcbcd40304a37a95a6787c8f7dc978178c2d0fb7485361fc292312ea', 1, 1772445600000),
  (2, 'layouts', 'ff688aa5fcd5f54db8ee0e04d8ba5b1d75b3fc97ba1a47d1d75a18338408a460', 1, 1772445600000),
  (3, 'snoozes and keys', '2632ef523d348269b1797986771b1e926c5809540a0f953e2dfe026decfeada8', 1, 1772445600000),
  (4, 'notes, clocks, redactions', '4a31ba0443a6a70d0b4caf2df3f59599b20a13ab5efc3e6943416493afcf0409', 1, 1772445600000),
  (5, 'counts', 'd743d784e064e5981c2ccad36946e967db268637615eb90c41287e3ed16db146', 1, 1772445600000),
  (6, 'audit and access', '69997e047f605a69ca11028cc35ac2757c3340cfc60c5978c90dd9c3e94d1a29', 1, 1772445600000),
  (7, 'alerts', '509e2829f48ddfec6330983f988cf5f7159dc19ef8aa9b808de24c255ddd702f', 1, 1772445600000),
  (8, 'lists', '74ab8357841f55ad0afbdc32feaddc88aa609565aee3464247a071c0fb446f51', 1, 1772445600000);
INSERT INTO escapement_name (id, text) VALUES
  (1, 'fired'),
  (2, 'default'),
  (3, 'load'),
  (4, 'report'),
  (5, 'mail'),
  (6, 'harbour');
INSERT INTO escapement_node (number, id, host, pid, boot_id, roles, tasks, declares, release, version, timezone_data, counter, phase, started_at, renewed_at, ended_at, layout, clock_offset, vitals) VALUES
  (1, 'node-a', 'harbour', 4711, 'boot-1', '["worker"]', '["report"]', '[]', 1, '0.1.0', '2026a', 0, 'alive', 1772445600000, 1772445600000, NULL, 8, 1772445600000, NULL),
  (2, 'node-b', 'harbour', 4711, 'boot-1', '["worker"]', '["load"]', '[]', 1, '0.1.0', '2026a', 0, 'alive', 1772445600000, 1772445600000, NULL, 8, 1772445600000, NULL),
  (3, 'node-that-left', 'harbour', 4711, 'boot-1', '["worker"]', '["report"]', '[]', 1, '0.1.0', '2026a', 0, 'left', 1772445600000, 1772445600000, 1772445600000, 8, 1772445600000, NULL);
INSERT INTO escapement_paused_queue (queue, paused_at) VALUES
  ('harbour', 1772445600000);
INSERT INTO escapement_ready (task, queue, priority, run_at, id) VALUES
  (4, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000100'),
  (4, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000101'),
  (4, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000102'),
  (4, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000120'),
  (4, 6, -5, 1772445600000, '019cae00-0000-7000-8000-000000000121'),
  (5, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000122');
INSERT INTO escapement_redaction (task, path) VALUES
  ('mail', 'to');
INSERT INTO escapement_registration (app, release, hash) VALUES
  ('tracker', 1, 'set-1');
INSERT INTO escapement_running (id, fence, node, claimed_at, is_plain, started_at, cancel_requested_at) VALUES
  ('019cae00-0000-7000-8000-000000000007', 10, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000008', 11, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000009', 12, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000010', 13, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000011', 14, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000012', 15, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000013', 16, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000014', 17, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000015', 18, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000016', 19, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000017', 20, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000018', 21, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000019', 22, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000020', 23, 'node-a', 1772445600000, 0, NULL, NULL),
  ('019cae00-0000-7000-8000-000000000801', 3, 'node-a', 1772445600000, 0, 1772445600000, NULL);
INSERT INTO escapement_schedule (id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead, pause_note) VALUES
  ('minute-report', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 'active', 'tracker', 1, 1, 1772445600000, 1772445660000, 1772445720000, 1, 1, 1772445660000, NULL, NULL, NULL, NULL, NULL),
  ('paused', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 'paused', 'tracker', 1, 1, 1772445600000, 1772445600000, NULL, 0, 0, NULL, NULL, 'operator', NULL, NULL, '[1,"The crane is broken."]');
INSERT INTO escapement_seat (seat, term, counter, ttl_ms, holder, host, pid, elected_at, renewed_at) VALUES
  ('primary', 1, 1, 15000, 'node-a', 'harbour', 4711, 1772445600000, 1772445600000);
INSERT INTO escapement_session (id_hash, token_id, actor, role, csrf_hash, created_at, expires_at, revoked_at) VALUES
  ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', '019cae00-0000-7000-8000-000000000960', 'anna', 'operator', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1772445600000, 1772488800000, NULL);
INSERT INTO escapement_solo (task, queue, priority, run_at, id) VALUES
  (4, 2, 0, 1772445600000, '019cae00-0000-7000-8000-000000000800');
INSERT INTO escapement_step (number, job_id, name, result) VALUES
  (1, '019cae00-0000-7000-8000-000000000801', 'send', '{"sent":true}');
INSERT INTO escapement_store (one, id, last_fence, ledger_pruned_until, import_of, import_parts) VALUES
  (1, '7f752a24-39cd-4a0b-8186-e225e314c64e', 25, NULL, NULL, NULL);
INSERT INTO escapement_timeline (number, schedule_id, revision, phase, definition, valid_from, release, phase_by) VALUES
  (1, 'minute-report', 1, 'active', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 1772445600000, 1, NULL),
  (2, 'paused', 1, 'paused', '{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false}', 1772445600000, 1, 'operator');
INSERT INTO escapement_token (id, name, secret_hash, role, created_at, created_by, expires_at, revoked_at, last_used_at) VALUES
  ('019cae00-0000-7000-8000-000000000960', 'deploy', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'operator', 1772445600000, 'anna', NULL, NULL, NULL);
INSERT INTO escapement_total (node, kind, name, outcome, n) VALUES
  ('node-a', 'fire', '', 'fired', 1);

-- @records
/* {"pausedQueue":[{"queue":"harbour","pausedAt":1772445600000}],"registration":[{"app":"tracker","release":1,"hash":"set-1"}],"seat":[{"seat":"primary","term":1,"counter":1,"ttlMs":15000,"holder":{"id":"node-a","host":"harbour","pid":4711},"electedAt":1772445600000,"renewedAt":1772445600000}],"redaction":[{"task":"mail","path":"to"}],"audit":[{"id":"019cae00-0000-7000-8000-000000000950","at":1772445600000,"actor":"anna","role":"operator","via":"page","address":"192.0.2.7","action":"queue.pause","targetKind":"queue","targetId":"harbour","after":"{\"isPaused\":true}","reason":"storm","bulkId":"bulk-1","outcome":"done","count":1}],"job":[{"id":"019cae00-0000-7000-8000-000000000900","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","scheduleId":"minute-report","fireAt":1772445660000,"maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"fired","queue":"default","origin":"fire","delivery":"at-least-once","state":"scheduled","errors":[]},{"id":"019cae00-0000-7000-8000-000000000803","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","uniqueKey":"tug","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":25,"finishedAt":1772445600000,"result":"1","snoozes":0,"uniqueUntil":1772454600000,"task":"mail","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"completed","errors":[]},{"id":"019cae00-0000-7000-8000-000000000802","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","uniqueKey":"pilot","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"fence":24,"snoozes":1,"snoozedAt":1772445600000,"uniqueUntil":1772454600000,"task":"mail","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"scheduled","errors":[]},{"id":"019cae00-0000-7000-8000-000000000801","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"progress":"0.5","node":"node-a","claimedAt":1772445600000,"startedAt":1772445600000,"fence":3,"snoozes":0,"task":"mail","queue":"default","origin":"enqueue","delivery":"at-most-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000800","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":1,"fence":2,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"available","errors":[]},{"id":"019cae00-0000-7000-8000-000000000130","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"cancelRequestedAt":1772445600000,"finishedAt":1772445600000,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"cancelled","errors":[]},{"id":"019cae00-0000-7000-8000-000000000122","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"mail","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"available","errors":[]},{"id":"019cae00-0000-7000-8000-000000000121","priority":-5,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"harbour","origin":"enqueue","delivery":"at-least-once","state":"available","errors":[]},{"id":"019cae00-0000-7000-8000-000000000120","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","uniqueKey":"Emden","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"available","errors":[]},{"id":"019cae00-0000-7000-8000-000000000112","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"scheduled","errors":[]},{"id":"019cae00-0000-7000-8000-000000000111","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"scheduled","errors":[]},{"id":"019cae00-0000-7000-8000-000000000110","priority":0,"runAt":1772449200000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"scheduled","errors":[]},{"id":"019cae00-0000-7000-8000-000000000102","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"available","errors":[]},{"id":"019cae00-0000-7000-8000-000000000101","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"available","errors":[]},{"id":"019cae00-0000-7000-8000-000000000100","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":0,"createdAt":1772445600000,"failures":0,"rescues":0,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"available","errors":[]},{"id":"019cae00-0000-7000-8000-000000000020","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":23,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000019","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":22,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000018","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":21,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000017","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":20,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000016","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":19,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000015","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":18,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000014","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":17,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000013","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":16,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000012","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":15,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000011","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":14,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000010","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":13,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000009","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":12,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000008","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":11,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000007","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":10,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"running","errors":[]},{"id":"019cae00-0000-7000-8000-000000000006","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":1,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":9,"finishedAt":1772445600000,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"discarded","errors":[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]},{"id":"019cae00-0000-7000-8000-000000000005","priority":0,"runAt":1772445660000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":1,"rescues":0,"fence":8,"snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"retryable","errors":[{"attempt":1,"at":1772445600000,"message":"The harbour did not answer."}]},{"id":"019cae00-0000-7000-8000-000000000004","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":7,"finishedAt":1772445600000,"result":"\"docked\"","snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"completed","errors":[]},{"id":"019cae00-0000-7000-8000-000000000003","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":6,"finishedAt":1772445600000,"result":"\"docked\"","snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"completed","errors":[]},{"id":"019cae00-0000-7000-8000-000000000002","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":5,"finishedAt":1772445600000,"result":"\"docked\"","snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"completed","errors":[]},{"id":"019cae00-0000-7000-8000-000000000001","priority":0,"runAt":1772445600000,"payload":"{\"port\":\"Emden\"}","maxAttempts":3,"keepMs":86400000,"createdAt":1772445600000,"failures":0,"rescues":0,"node":"node-a","claimedAt":1772445600000,"fence":4,"finishedAt":1772445600000,"result":"\"docked\"","snoozes":0,"task":"report","queue":"default","origin":"enqueue","delivery":"at-least-once","state":"completed","errors":[]}],"step":[{"jobId":"019cae00-0000-7000-8000-000000000801","name":"send","result":"{\"sent\":true}"}],"ledger":[{"scheduleId":"minute-report","fireAt":1772445660000,"lastFireAt":1772445660000,"count":1,"outcome":"fired","jobId":"019cae00-0000-7000-8000-000000000900","decidedAt":1772445660000,"nextFireAt":1772445720000,"revision":1,"timezoneData":"2026a","node":"node-a"}],"timeline":[{"scheduleId":"minute-report","revision":1,"phase":"active","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"validFrom":1772445600000,"release":1},{"scheduleId":"paused","revision":1,"phase":"paused","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"validFrom":1772445600000,"release":1,"phaseBy":"operator"}],"schedule":[{"id":"minute-report","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"phase":"active","app":"tracker","release":1,"revision":1,"validFrom":1772445600000,"decidedUntil":1772445660000,"nextFireAt":1772445720000,"jobsCreated":1,"fires":1,"lastJobCreatedAt":1772445660000},{"id":"paused","definition":{"task":"report","trigger":{"kind":"interval","everyMs":60000},"payload":{"port":"Emden"},"queue":"default","priority":0,"maxAttempts":3,"delivery":"at-least-once","keepMs":86400000,"misfireGraceMs":null,"coalesce":"latest","coalesceCap":100,"overlap":"skip","maxInstances":1,"maxFires":null,"runAtStart":false},"phase":"paused","app":"tracker","release":1,"revision":1,"validFrom":1772445600000,"decidedUntil":1772445600000,"jobsCreated":0,"fires":0,"phaseBy":"operator","pauseNote":"The crane is broken."}],"node":[{"id":"node-a","phase":"alive","tasks":["report"]},{"id":"node-b","phase":"alive","tasks":["load"]},{"id":"node-that-left","phase":"left","tasks":["report"]}]} */

-- @enqueue
INSERT INTO escapement_job (id, state, task, queue, priority, run_at, payload, origin, max_attempts, delivery, keep_ms, created_at)
SELECT {id}, 0, task.id, queue.id, 0, {now}, '{}', 0, 3, 0, 86400000, {now} FROM escapement_name AS task, escapement_name AS queue WHERE task.text = 'load' AND queue.text = 'default';

-- @claim
UPDATE escapement_job SET state = 1 WHERE id = {id} AND state = 0;
UPDATE escapement_store SET last_fence = last_fence + 1;
INSERT INTO escapement_running (id, fence, node, claimed_at, is_plain) SELECT {id}, last_fence, 'node-b', {now}, 0 FROM escapement_store;

-- @complete
INSERT INTO escapement_finished (id, state, task, queue, priority, run_at, payload, origin, max_attempts, delivery, keep_ms, created_at, failures, rescues, steps, fence, outcome, node, claimed_at, finished_at, drop_at)
SELECT job.id, 4, task, queue, priority, run_at, payload, origin, max_attempts, delivery, keep_ms, created_at, failures, rescues, steps, running.fence, 0, node, claimed_at, {now}, {now} + keep_ms
FROM escapement_job AS job JOIN escapement_running AS running USING (id) WHERE job.id = {id};
DELETE FROM escapement_running WHERE id = {id};
DELETE FROM escapement_job WHERE id = {id};
