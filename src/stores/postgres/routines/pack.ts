import { moveToFinished } from './finish.ts'
import { SETTINGS } from './settings.ts'

/**
 * A fence is a number from a sequence, followed by eleven bits: whether the claim was written as a pack, and the job's
 * position in it. So a report itself says where to look, and a thousand jobs need only one number.
 */
const FENCE_BITS = 11
const PACKED = 1024

/** For a claim that is written as rows. */
export const rowFence = `nextval('fence') << ${FENCE_BITS}`
const packedFence = (number: string, position: string): string =>
  `(${number} << ${FENCE_BITS} | ${PACKED} | ${position})`
export const numberOf = (fence: string): string => `${fence} >> ${FENCE_BITS}`
const positionOf = (fence: string): string => `(${fence} & ${PACKED - 1})::integer`
export const isPackedSql = (fence: string): string => `${fence} & ${PACKED} <> 0`
const stands = (position: string): string => `get_bit(gone, ${position}::integer - 1) = 0`

/** In the order of the table: a pack keeps whole rows. */
const COLUMNS =
  'id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, place, lane, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_task, unique_key, schedule_id, progress, errors'

/** Those that later migrations have added. */
const FURTHER = 'snoozes, snoozed_at, unique_until'
const ALL_COLUMNS = `${COLUMNS}, ${FURTHER}`

/** The columns of a packed job while it runs. */
const runningAt = (position: string): string => runningColumns(COLUMNS, position)
const runningColumns = (columns: string, position: string): string =>
  columns
    .split(', ')
    .map(column => {
      if (column === 'place') return '-pack.runner AS place'
      if (column === 'fence') return `${packedFence('pack.number', position)} AS fence`
      return column === 'claimed_at' ? 'pack.claimed_at' : `job.${column}`
    })
    .join(', ')

const RUNNING = runningColumns(ALL_COLUMNS, 'job.ordinality')
const ROWS = 'pack CROSS JOIN LATERAL unnest(pack.jobs) WITH ORDINALITY AS job'
/** The packs that may hold one of the ids; new ids are greater than all that were claimed. */
const mayHold = (ids: string): string =>
  `pack.greatest_id >= (SELECT id FROM unnest(${ids}) AS id ORDER BY id LIMIT 1) AND pack.ids && ${ids}`

const unfinished = `
-- Every job that is not finished, whether it stands in a row or in a pack.
CREATE OR REPLACE VIEW unfinished AS
  SELECT ${COLUMNS}, false AS is_packed, ${FURTHER} FROM job
  UNION ALL SELECT ${runningAt('job.ordinality')}, true, ${runningColumns(FURTHER, 'job.ordinality')} FROM ${ROWS} WHERE ${stands('job.ordinality')};
`

const unfinishedOf = `
-- Of unfinished those that are asked for: no other pack is unpacked for them.
CREATE OR REPLACE FUNCTION unfinished_of(wanted uuid[]) RETURNS SETOF job LANGUAGE sql STABLE ${SETTINGS} AS $$
  SELECT ${ALL_COLUMNS} FROM job WHERE id = ANY (wanted)
  UNION ALL SELECT ${RUNNING} FROM ${ROWS} WHERE ${mayHold('wanted')} AND job.id = ANY (wanted) AND ${stands('job.ordinality')}
$$;
`

/** Separates the records of jobs: JSON never contains it (RFC 7464 gives it this use). */
const SEPARATOR = `E'\\x1e'`

/** Only jobs in which, as far as a claim can know, nothing is looked up or changed while they run. */
const canBePacked = `unique_key IS NULL AND schedule_id IS NULL AND steps = 0 AND delivery = 0 AND errors IS NULL AND progress IS NULL
      AND octet_length(payload) <= 2000 AND strpos(payload, ${SEPARATOR}) = 0`
export const MAX_PACK = PACKED - 1

/**
 * Statement of `claim`: packs those of the locked rows `taken` that can be packed. It returns one row, which has the
 * fence of position 0 and a payload with a record of each job: sending and reading a thousand rows takes longer than
 * packing them. Both readers of `gone` see its rows in the same order, so the first record is that of position 1.
 */
export const packTaken = `
      WITH gone AS (
        DELETE FROM job WHERE ctid = ANY (taken) AND ${canBePacked}
        RETURNING job AS whole, id, lane, payload, run_at, keep_ms, failures, max_attempts, rescues),
      packed AS (
        INSERT INTO pack (number, runner, claimed_at, greatest_id, remaining, is_kept, gone, ids, jobs)
        SELECT pack_number, runner, now_at, (SELECT id FROM unnest(ids) AS id ORDER BY id DESC LIMIT 1), cardinality(ids), is_kept, repeat('0', cardinality(ids))::bit varying, ids, jobs
        FROM (SELECT array_agg(id) AS ids, array_agg(whole) AS jobs, bool_or(keep_ms > 0) AS is_kept FROM gone) AS all_of_them WHERE ids IS NOT NULL)
      SELECT NULL::uuid, ${packedFence('pack_number', '0')}, NULL::integer, string_agg(id::text || run_at || ' ' || lane || ' ' || max_attempts || ' ' || failures || ' ' || rescues || ' ' || payload, ${SEPARATOR}),
        NULL::bigint, NULL::text, NULL::bigint, NULL::smallint, NULL::integer, NULL::integer, NULL::integer
      FROM gone HAVING count(*) > 0`

const marked = `
-- A bit for each place of a pack, set at the positions.
CREATE OR REPLACE FUNCTION marked(size integer, positions integer[]) RETURNS bit varying LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  mark bit varying := repeat('0', size)::bit varying;
  each integer;
BEGIN
  FOREACH each IN ARRAY positions LOOP
    mark := set_bit(mark, each - 1, 1);
  END LOOP;
  RETURN mark;
END
$$;
`

const removeFromPack = `
-- Under the lock of the pack.
CREATE OR REPLACE FUNCTION remove_from_pack(of bigint, mark bit varying, ended integer) RETURNS void LANGUAGE plpgsql ${SETTINGS} AS $$
BEGIN
  DELETE FROM pack WHERE number = of AND remaining = ended;
  IF NOT FOUND THEN
    UPDATE pack SET gone = gone | mark, remaining = remaining - ended WHERE number = of;
  END IF;
END
$$;
`

const unpackAt = `
-- Makes jobs of a pack rows again, which run as they did. Under the lock of the pack. Should the app have enqueued an id a second time in a
-- transaction that could not see the pack (REPEATABLE READ), then that row stands, and the attempt is stale.
CREATE OR REPLACE FUNCTION unpack_at(of bigint, positions integer[]) RETURNS void LANGUAGE plpgsql ${SETTINGS} AS $$
BEGIN
  INSERT INTO job (${ALL_COLUMNS}) SELECT ${RUNNING} FROM ${ROWS} WHERE pack.number = of AND job.ordinality = ANY (positions)
  ON CONFLICT DO NOTHING;
  PERFORM remove_from_pack(of, marked((SELECT length(gone) FROM pack WHERE number = of), positions), cardinality(positions));
END
$$;
`

/** The packs that hold current attempts, each locked, with the positions of the attempts. */
const attemptsOfPack = `ARRAY(
      SELECT place::integer FROM unnest(ids, fences) WITH ORDINALITY AS attempt (id, fence, place)
      WHERE ${isPackedSql('fence')} AND ${numberOf('fence')} = each.number AND attempt.id = held[${positionOf('fence')}]
        AND get_bit(each.gone, ${positionOf('fence')} - 1) = 0)`
const packsOfAttempts = `SELECT pack.number, pack.gone, pack.ids, pack.is_kept FROM pack
    WHERE pack.number = ANY (ARRAY(SELECT DISTINCT ${numberOf('fence')} FROM unnest(fences) AS fence WHERE ${isPackedSql('fence')}))
    ORDER BY pack.number FOR UPDATE`

const unpackAttempts = `
-- Makes rows of the jobs of attempts, as far as they are the current ones; answers how many.
CREATE OR REPLACE FUNCTION unpack_attempts(ids uuid[], fences bigint[]) RETURNS integer LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  each record;
  held uuid[];
  places integer[];
  unpacked integer := 0;
BEGIN
  FOR each IN ${packsOfAttempts} LOOP
    held := each.ids;
    places := ${attemptsOfPack};
    CONTINUE WHEN places = '{}';
    PERFORM unpack_at(each.number, ARRAY(SELECT ${positionOf('fences[place]')} FROM unnest(places) AS place));
    unpacked := unpacked + cardinality(places);
  END LOOP;
  RETURN unpacked;
END
$$;
`

const unpackJobs = `
-- Makes rows of jobs, whoever runs them.
CREATE OR REPLACE FUNCTION unpack_jobs(wanted uuid[]) RETURNS void LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  each record;
BEGIN
  FOR each IN SELECT pack.number, pack.gone, pack.ids FROM pack
    WHERE ${mayHold('wanted')} AND EXISTS (
      SELECT FROM unnest(ids) WITH ORDINALITY AS held (id, position) WHERE held.id = ANY (wanted) AND ${stands('position')})
    ORDER BY number FOR UPDATE
  LOOP
    PERFORM unpack_at(each.number, positions) FROM (
      SELECT array_agg(position::integer) AS positions FROM unnest(each.ids) WITH ORDINALITY AS held (id, position)
      WHERE id = ANY (wanted) AND get_bit(each.gone, position::integer - 1) = 0) AS found WHERE positions IS NOT NULL;
  END LOOP;
END
$$;
`

const unpackStranded = `
-- Makes rows of what is held by nobody alive (rule 8), until there are so many.
CREATE OR REPLACE FUNCTION unpack_stranded(most integer) RETURNS void LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  each record;
  room integer := most;
BEGIN
  FOR each IN SELECT pack.number, pack.gone, pack.remaining, cardinality(pack.ids) AS size FROM pack
    WHERE NOT EXISTS (SELECT FROM runner JOIN node ON node.id = runner.node WHERE runner.id = pack.runner AND node.phase = 'alive')
    ORDER BY number FOR UPDATE OF pack SKIP LOCKED
  LOOP
    EXIT WHEN room <= 0;
    PERFORM unpack_at(each.number, ARRAY(
      SELECT position FROM generate_series(1, each.size) AS position WHERE get_bit(each.gone, position - 1) = 0));
    room := room - each.remaining;
  END LOOP;
END
$$;
`

const completeAttempts = `
-- Completes the jobs of attempts, in packs or rows, and answers the ids of those it completed; null: all. The others are stale.
CREATE OR REPLACE FUNCTION complete_attempts(ids uuid[], fences bigint[], results text[], at bigint) RETURNS uuid[] LANGUAGE plpgsql ${SETTINGS} AS $$
DECLARE
  now_at bigint := coalesce(at, now_ms());
  each record;
  held uuid[];
  places integer[];
  positions integer[];
  -- Lists that are variables are searched by their numbers, without being read from the start.
  packed job[];
  given text[] := results;
  ended integer[] := '{}';
  rest integer[];
  completed uuid[];
BEGIN
  FOR each IN ${packsOfAttempts} LOOP
    held := each.ids;
    places := ${attemptsOfPack};
    CONTINUE WHEN places = '{}';
    positions := ARRAY(SELECT ${positionOf('fences[place]')} FROM unnest(places) AS place);
    IF each.is_kept THEN
      packed := (SELECT jobs FROM pack WHERE number = each.number);
      WITH gone AS (
        SELECT ${runningColumns(ALL_COLUMNS, 'positions[job.ordinality]')}, given[places[job.ordinality]] AS result
        FROM pack CROSS JOIN unnest(ARRAY(SELECT packed[position] FROM unnest(positions) AS position)) WITH ORDINALITY AS job
        WHERE pack.number = each.number)
      ${moveToFinished('gone WHERE keep_ms > 0', { state: '4', outcome: '0', runner: '-place', finished_at: 'now_at', drop_at: 'now_at + keep_ms' })};
    END IF;
    PERFORM remove_from_pack(each.number, marked(length(each.gone), positions), cardinality(positions));
    ended := ended || places;
  END LOOP;
  IF cardinality(ended) = cardinality(ids) THEN
    RETURN NULL;
  END IF;
  rest := ARRAY(
    SELECT place FROM (SELECT generate_subscripts(ids, 1) AS place EXCEPT SELECT unnest(ended)) AS others ORDER BY ids[place]);
  completed := complete_jobs(ARRAY(SELECT ids[place] FROM unnest(rest) AS place), ARRAY(SELECT fences[place] FROM unnest(rest) AS place),
    CASE WHEN results IS NOT NULL THEN ARRAY(SELECT results[place] FROM unnest(rest) AS place) END, now_at);
  IF completed IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN completed || ARRAY(SELECT ids[place] FROM unnest(ended) AS place);
END
$$;
`

export const packing: readonly string[] = [
  unfinished,
  unfinishedOf,
  marked,
  removeFromPack,
  unpackAt,
  unpackAttempts,
  unpackJobs,
  unpackStranded,
  completeAttempts
]
