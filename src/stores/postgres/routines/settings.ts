/**
 * The planner settings for functions of the books. The tables of jobs fill and drain within minutes, but a session
 * would keep using a plan made for an empty table. So jobs are always found through an index, no matter what the statistics
 * say. JIT is off for statements that run for a millisecond.
 */
export const SETTINGS = `SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off`
