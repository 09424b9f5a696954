/** Earlier releases may run at the same time: they neither read nor need these. */
export const notesClocksRedactions = `
-- Why a person has paused it: JSON, the revision that the note was written with, and the note. A release that knows no
-- notes raises the revision and leaves the note: then it is none any more.
ALTER TABLE escapement_schedule ADD COLUMN pause_note TEXT;

-- Wall time minus the host's monotonic time, in milliseconds, with which a process that starts compares its clock.
ALTER TABLE escapement_node ADD COLUMN clock_offset INTEGER;

-- A path such as items.*.iban. Processes that do not know the task show its jobs too. Paths are added only: jobs of an earlier
-- release have what they name.
CREATE TABLE escapement_redaction (task TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (task, path)) WITHOUT ROWID;
`
