/**
 * Functions of the books run with the settings that the plans of their statements need. The tables of jobs fill and drain within
 * minutes, while a plan that was made over an empty table would serve the session on; so whatever the statistics say,
 * a job is found through an index, and nothing is compiled that runs for a millisecond.
 */
export const SETTINGS = `SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off`
