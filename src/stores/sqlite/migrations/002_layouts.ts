/**
 * What later releases need to know about each other. Nodes of the first layout don't say how many migrations they know;
 * they know one.
 */
export const layouts = `
-- How many migrations the release of the node knows.
ALTER TABLE escapement_node ADD COLUMN layout INTEGER NOT NULL DEFAULT 1;
`
