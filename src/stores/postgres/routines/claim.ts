import { SETTINGS } from './settings.ts'
import { MAX_PACK, packTaken, rowFence } from './pack.ts'

/**
 * Lanes are read in index order, since a sort would read them to the end. Plans are made once, since planning takes
 * longer than running.
 */
const CLAIM_SETTINGS = `${SETTINGS} SET enable_sort = off SET plan_cache_mode = force_generic_plan`

const CLAIMED = `id uuid, fence bigint, lane integer, payload text, run_at bigint, schedule_id text, fire_at bigint,
  delivery smallint, failures integer, max_attempts integer, rescues integer`

/** Up to this many lanes of the tasks and queues are searched one by one, even empty ones. */
const FEW_LANES = 64

const waitingHeads = `
-- The first jobs of all places where jobs wait, of the tasks and queues, however many lanes there ever were: it goes along the
-- index, by steps that grow while each finds another place at every entry, and leaps over what else stands in a place. Reading
-- on costs a tenth of finding a place anew. Run by claim only.
CREATE OR REPLACE FUNCTION waiting_heads(tasks text[], queues text[]) RETURNS head[] LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  heads head[] := '{}';
  found head[];
  last_place integer := 0;
  step integer := 8;
BEGIN
  LOOP
    found := ARRAY(
      SELECT DISTINCT ON (place) ROW (place, 0, run_at, id)::head FROM (
        SELECT place, run_at, id FROM job WHERE place > last_place AND place <> 0 ORDER BY place, run_at, id LIMIT step) AS next);
    EXIT WHEN found = '{}';
    heads := heads || ARRAY(
      SELECT ROW (first.place, lane.priority, first.run_at, first.id)::head FROM unnest(found) AS first (place, priority, run_at, id)
      CROSS JOIN LATERAL (SELECT * FROM lane WHERE lane.id = first.place / 2 OFFSET 0) AS lane
      WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues))
        AND NOT EXISTS (SELECT FROM paused_queue WHERE paused_queue.queue = lane.queue));
    last_place := (found[cardinality(found)]).place;
    step := CASE WHEN cardinality(found) = step THEN least(2 * step, 1024) ELSE greatest(8, 2 * cardinality(found)) END;
  END LOOP;
  RETURN heads;
END
$$;
`

const shareOut = `
-- How many of the first jobs of all places together stand in each of them, so that no more are locked than are taken. With so many places
-- that their first jobs alone are enough, nothing behind the last of these is looked at. Run by claim only.
CREATE OR REPLACE FUNCTION share_out(heads head[], now_at bigint, most integer, aging bigint) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  shares integer[] := array_fill(0, ARRAY[cardinality(heads)]);
  last_rank bigint;
  number integer;
BEGIN
  IF cardinality(heads) >= most THEN
    last_rank := (SELECT run_at + priority * aging AS rank FROM unnest(heads) ORDER BY rank, id OFFSET most - 1 LIMIT 1);
  END IF;
  FOR number IN
    SELECT due.number FROM unnest(heads) WITH ORDINALITY AS due (place, priority, run_at, id, number) CROSS JOIN LATERAL (
      SELECT run_at, id FROM job WHERE place = due.place AND place <> 0 AND (run_at, id) >= (due.run_at, due.id) 
        AND run_at <= least(now_at, last_rank - due.priority * aging)
      ORDER BY run_at, id LIMIT most) AS next
    ORDER BY next.run_at + due.priority * aging, next.id LIMIT most
  LOOP
    shares[number] := shares[number] + 1;
  END LOOP;
  RETURN shares;
END
$$;
`

/**
 * Rows that a claim took remain as dead entries of the index. The next search of the place steps over them and marks
 * them, so that later ones needn't. It can't mark them while a transaction is open that could still see them. Then
 * searches become expensive: they step over more than a megabyte. Pages are counted, because on a busy machine time
 * passes without work.
 */
const DEAR_PAGES = 128

/**
 * Jobs are committed later than their instant, but seldom by more than this. A search never begins nearer to the
 * present.
 */
const LATE_MS = 200

const claimJobs = `
-- Claims by priority, run_at and id over all lanes of the tasks and queues; or one solo job alone. The last row has no
-- id and no fence: its payload says what is left. Where nothing is due, nothing is written and no fence drawn.
--
-- It looks first at the first job of each place: of few lanes one by one, of many along the index. Then it goes by turns: each
-- solo job, until one could be locked; then for each priority all places at once, each with its share, and
-- after that, if other claims were quicker in one of them, each place with all that it has left. What another claim has
-- locked is stepped over.
--
-- With aging the order is that of run_at + priority × aging, over all priorities at once.
--
-- From pack_from jobs on they are kept as a pack, as far as they can be; null: all as rows.
--
-- Floors, if given, say from where on places are looked at: what stood below was taken by claims before. The heads that
-- were seen are told if there were floors, or if the look was dear.
CREATE OR REPLACE FUNCTION claim(runner integer, tasks text[], queues text[], most integer, takes_solo boolean, at bigint, floors json,
  pack_from integer DEFAULT NULL, aging bigint DEFAULT NULL)
RETURNS TABLE (${CLAIMED}) LANGUAGE plpgsql ${CLAIM_SETTINGS} AS $$
#variable_conflict use_column
DECLARE
  now_at bigint := coalesce(at, now_ms());
  began_at timestamptz := clock_timestamp();
  pages bigint := -pg_stat_get_xact_blocks_fetched('job'::regclass);
  heads head[];
  has_few boolean := (SELECT count(*) <= ${FEW_LANES} FROM (
    SELECT FROM lane WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues)) LIMIT ${FEW_LANES} + 1) AS known);
  look_us integer;
  due head[];
  turn integer;
  shares integer[];
  taken tid[];
  room integer := most;
  passed integer := 0;
  pack_number bigint;
  packed integer;
  is_alone boolean := false;
  is_short boolean := false;
  next_run_at bigint;
  solo_since bigint;
BEGIN
  IF has_few THEN
    heads := ARRAY(
      SELECT ROW (each.place, priority, first.run_at, first.id)::head
      FROM lane CROSS JOIN LATERAL (VALUES (2 * lane.id), (2 * lane.id + 1)) AS each (place)
      LEFT JOIN json_to_recordset(floors) AS floor (place integer, run_at bigint, id uuid) ON floor.place = each.place
      CROSS JOIN LATERAL (
        SELECT CASE WHEN floor.place IS NULL THEN 0 ELSE least(floor.run_at, now_at - ${LATE_MS}) END,
          CASE WHEN floor.run_at <= now_at - ${LATE_MS} THEN floor.id ELSE '00000000-0000-0000-0000-000000000000' END) AS start (run_at, id)
      LEFT JOIN LATERAL (
        SELECT run_at, id FROM job WHERE job.place = each.place AND job.place <> 0 AND (run_at, id) >= (start.run_at, start.id)
        ORDER BY run_at, id LIMIT 1) AS first ON true
      WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues))
        AND NOT EXISTS (SELECT FROM paused_queue WHERE paused_queue.queue = lane.queue));
  ELSE
    heads := waiting_heads(tasks, queues);
  END IF;
  look_us := extract(epoch FROM clock_timestamp() - began_at) * 1000000;
  pages := pages + pg_stat_get_xact_blocks_fetched('job'::regclass);
  -- The first jobs of so many places are enough, unless other claims have locked them.
  LOOP
    FOR due, turn IN
      WITH seen AS (
        SELECT each, place, CASE WHEN aging IS NULL THEN priority END AS level, run_at + priority * coalesce(aging, 0) AS rank, id
        FROM unnest(heads) AS each WHERE run_at <= now_at),
      ready AS (SELECT * FROM seen WHERE place % 2 = 0 ORDER BY level, rank, id OFFSET passed LIMIT most)
      SELECT list, number FROM (
        SELECT ARRAY[each] AS list, 1 AS number, level, rank, id FROM seen WHERE takes_solo AND passed = 0 AND place % 2 = 1
        UNION ALL SELECT array_agg(each), 2, level, 0, NULL FROM ready GROUP BY level
        UNION ALL SELECT ARRAY[each], 3, level, rank, id FROM ready) AS turns
      ORDER BY number > 1, level, number, rank, id
    LOOP
      EXIT WHEN room <= 0 OR is_alone;
      CONTINUE WHEN turn = 3 AND NOT is_short;
      shares := CASE WHEN turn = 1 THEN ARRAY[1] WHEN cardinality(due) = 1 THEN ARRAY[room] ELSE share_out(due, now_at, room, coalesce(aging, 0)) END;
      taken := ARRAY(
        SELECT first.row FROM unnest(due, shares) AS seen (place, priority, run_at, id, share) CROSS JOIN LATERAL (
          SELECT ctid AS row FROM job WHERE share > 0 AND place = seen.place AND place <> 0 AND (run_at, id) >= (seen.run_at, seen.id) AND run_at <= now_at
          ORDER BY run_at, id LIMIT share FOR UPDATE SKIP LOCKED) AS first);
      is_short := is_short AND turn = 3
        OR cardinality(due) > 1 AND cardinality(taken) < (SELECT sum(share) FROM unnest(shares) AS share);
      CONTINUE WHEN taken = '{}';
      -- Drawn under the lock of its row, a fence is greater than every one that the job had before (rule 7).
      packed := 0;
      IF turn > 1 AND cardinality(taken) BETWEEN pack_from AND ${MAX_PACK} THEN
        pack_number := nextval('fence');
        RETURN QUERY ${packTaken};
        packed := coalesce((SELECT remaining FROM pack WHERE number = pack_number), 0);
      END IF;
      IF packed < cardinality(taken) THEN
        RETURN QUERY UPDATE job SET place = -runner, fence = ${rowFence}, claimed_at = now_at, unique_until = nullif(unique_until, 0),
          unique_task = CASE WHEN unique_until = 0 THEN NULL ELSE unique_task END, unique_key = CASE WHEN unique_until = 0 THEN NULL ELSE unique_key END
          WHERE ctid = ANY (taken)
          RETURNING id, fence, lane, payload, run_at, schedule_id, fire_at, delivery, failures, max_attempts, rescues;
      END IF;
      room := room - cardinality(taken);
      is_alone := turn = 1;
    END LOOP;
    passed := passed + most;
    EXIT WHEN room <= 0 OR is_alone OR passed >= (SELECT count(*) FROM unnest(heads) WHERE place % 2 = 0 AND run_at <= now_at);
  END LOOP;
  IF room > 0 AND NOT (is_alone AND EXISTS (SELECT FROM unnest(heads) WHERE place % 2 = 0 AND run_at <= now_at)) THEN
    next_run_at := (
      SELECT min(CASE WHEN seen.run_at > now_at THEN seen.run_at ELSE (
        SELECT run_at FROM job WHERE place = seen.place AND place <> 0 AND run_at > now_at ORDER BY run_at, id LIMIT 1) END)
      FROM unnest(heads) AS seen WHERE seen.run_at IS NOT NULL);
  END IF;
  solo_since := (
    SELECT min(first.run_at) FROM unnest(heads) AS seen CROSS JOIN LATERAL (
      SELECT run_at FROM job WHERE place = seen.place AND place <> 0 AND run_at <= now_at ORDER BY run_at, id LIMIT 1) AS first
    WHERE seen.place % 2 = 1 AND seen.run_at <= now_at);
  id := NULL;
  payload := json_build_object('nextRunAt', next_run_at, 'soloSince', solo_since, 'look',
    CASE WHEN has_few AND (pages > ${DEAR_PAGES} OR floors IS NOT NULL) THEN json_build_object('us', look_us, 'now', now_at, 'heads',
      (SELECT json_agg(seen) FROM unnest(heads) AS seen WHERE place % 2 = 0)) END);
  RETURN NEXT;
END
$$;
`

export const claiming: readonly string[] = [waitingHeads, shareOut, claimJobs]
