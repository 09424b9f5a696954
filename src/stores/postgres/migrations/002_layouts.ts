/**
 * What later releases need to know about each other: which routines the books have, and how many migrations each node
 * knows. Nodes of the first layout don't say so; they know one.
 */
export const layouts = `
-- The functions and views of the books, each as it was made last: by which edition of them, and with which text.
CREATE TABLE routine (
  name text PRIMARY KEY,
  hash text NOT NULL,
  edition integer NOT NULL,
  made_at bigint NOT NULL
);

-- How many migrations the release of the node knows.
ALTER TABLE node ADD COLUMN layout integer NOT NULL DEFAULT 1;
`
