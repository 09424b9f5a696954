/**
 * How often an attempt has put its job off, and how long a job holds its unique key if not only while it is unfinished.
 */
export const snoozesAndKeys = `
-- Null: never, and while it is unfinished. unique_until is 0 for a job that holds its key while it waits to run, else the instant
-- until which it holds it at least, finished or not.
ALTER TABLE job ADD COLUMN snoozes integer, ADD COLUMN snoozed_at bigint, ADD COLUMN unique_until bigint;
ALTER TABLE finished ADD COLUMN snoozes integer, ADD COLUMN unique_task text COLLATE "C", ADD COLUMN unique_until bigint;
CREATE INDEX finished_unique ON finished (unique_task, unique_key) WHERE unique_task IS NOT NULL;

-- It has further parameters from now on, and two of one name could not be told apart.
DROP FUNCTION IF EXISTS enqueue(text, jsonb, text, integer, timestamptz, text, uuid, integer, interval, text, boolean);
`
