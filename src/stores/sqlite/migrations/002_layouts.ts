/** What later releases need to know of one another. A node of the first layout, which does not say how many migrations it knows, knows one. */
export const layouts = `
-- How many migrations the release of the node knows.
ALTER TABLE escapement_node ADD COLUMN layout INTEGER NOT NULL DEFAULT 1;
`
