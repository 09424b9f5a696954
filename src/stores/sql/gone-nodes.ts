/**
 * The nodes that have rows in a table of counts and are gone, or never joined. It leaps from one node to the next, so
 * that it does not read all rows of those that are alive.
 */
export const goneNodes = (counts: string, nodes: string, limit: string): string => `
WITH RECURSIVE each (node) AS (
  SELECT min(node) FROM ${counts} WHERE node > ''
  UNION ALL SELECT (SELECT min(node) FROM ${counts} WHERE node > each.node) FROM each WHERE each.node IS NOT NULL)
SELECT node FROM each WHERE node IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${nodes} WHERE id = each.node) LIMIT ${limit}`
