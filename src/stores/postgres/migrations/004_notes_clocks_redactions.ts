/**
 * Earlier releases may run at the same time: they neither read nor need the note. What SQLite keeps of clocks is of no
 * use here, where the database's clock decides.
 */
export const notesClocksRedactions = `
-- Why a person has paused it: JSON, the revision that the note was written with, and the note.
ALTER TABLE schedule ADD COLUMN pause_note text;

-- A path such as items.*.iban. Processes that do not know the task show its jobs too. Paths are added only: jobs of an earlier
-- release have what they name.
CREATE TABLE redaction (
  task text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  PRIMARY KEY (task, path)
);
`
