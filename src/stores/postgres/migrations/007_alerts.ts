/** Earlier releases may run at the same time: they neither read nor need these. */
export const alerts = `
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
`
