/** Earlier releases may run at the same time: they neither read nor need the note. */
export const notes = `
-- Why a person has paused it: JSON, the revision that the note was written with, and the note.
ALTER TABLE schedule ADD COLUMN pause_note text;
`
