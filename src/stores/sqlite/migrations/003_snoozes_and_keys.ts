/**
 * How often an attempt has put its job off, and how long a job holds its unique key if not only while it is unfinished.
 */
export const snoozesAndKeys = `
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
`
