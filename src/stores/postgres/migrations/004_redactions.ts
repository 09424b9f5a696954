/** What people are not shown of the payloads of a task. */
export const redactions = `
-- A path such as items.*.iban. Processes that do not know the task show its jobs too. Paths are added only: jobs of an earlier
-- release have what they name.
CREATE TABLE redaction (
  task text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  PRIMARY KEY (task, path)
);
`
