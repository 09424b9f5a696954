/** Earlier releases may run at the same time: they neither read nor need the note. */
export const notes = `
-- Why a person has paused it: JSON, the revision that the note was written with, and the note. A release that knows no
-- notes raises the revision and leaves the note: then it is none any more.
ALTER TABLE escapement_schedule ADD COLUMN pause_note TEXT;
`
