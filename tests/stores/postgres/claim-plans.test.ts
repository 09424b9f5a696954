import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { migratePostgres } from '../../../src/postgres.ts'
import { START } from '../../conformance/suite.ts'
import { freshName, serverUrl } from './server.ts'

const JOBS = 20_000
const schema = freshName()
const plans: string[] = []
let client: Client

/** A job for each number, in one of so many lanes. */
const fill = (lanes: number): string => `
  INSERT INTO job (id, run_at, created_at, keep_ms, place, lane, max_attempts, state, origin, delivery, payload)
  SELECT lpad(to_hex(n), 32, '0')::uuid, ${START} + n, 0, n % 2, 2 * (1 + n % ${lanes}), 1 + n % ${lanes}, 1, 1, 0, 0, 'null'
  FROM generate_series(1, ${JOBS}) AS n`

const EMPTY = 'DELETE FROM job; DELETE FROM finished'

const claim = (most: number): string =>
  `SELECT id, fence FROM claim(1, '{a,b,c}', NULL, ${most}, false, ${START + JOBS}, NULL) WHERE id IS NOT NULL`
const complete = `
  SELECT complete_jobs(array_agg(id), array_agg(fence), array_agg(NULL::text), ${START}) FROM job WHERE place < 0`
const giveBack = `
  SELECT end_attempts(json_agg(json_build_object('id', id, 'fence', fence, 'next_state', 1, 'next_run_at', run_at, 'next_failures', 0, 'next_rescues', 0)), ${START})
  FROM job WHERE place < 0`

const putIn = `
  SELECT insert_jobs((SELECT json_agg(json_build_object('id', gen_random_uuid(), 'lane', 1, 'run_at', 0, 'payload', 'null', 'origin', 0,
    'max_attempts', 1, 'delivery', 0, 'keep_ms', 0)) FROM generate_series(1, 50)), ${START})`

async function connect(): Promise<Client> {
  const connected = new Client({ connectionString: serverUrl(), options: `-c search_path=${schema}` })
  await connected.connect()
  connected.on('notice', ({ message }) => plans.push(message ?? ''))
  return connected
}

beforeAll(async () => {
  await migratePostgres({ connection: serverUrl(), schema })
  client = await connect()
  await client.query(`INSERT INTO lane (task, queue, priority) VALUES ('a', 'q', 0), ('b', 'q', 0), ('c', 'q', 0)`)
  await client.query('ALTER TABLE job SET (autovacuum_enabled = off)')
})

afterAll(() => client.end())

async function plan(): Promise<void> {
  for (let round = 0; round < 7; round++)
    for (const sql of [putIn, claim(10), complete, giveBack]) await client.query(sql)
}

/** A planner that is free then reads and sorts all of a lane. */
const overEmptyTables = plan

/** A planner that is free then goes through all of an index that it takes for empty, for each job. */
async function overDeadRows(): Promise<void> {
  const blocker = await connect()
  await blocker.query('BEGIN; SELECT pg_current_xact_id()')
  await client.query(EMPTY)
  await client.query(fill(1))
  await client.query(EMPTY)
  await client.query('VACUUM ANALYZE job')
  await client.end()
  client = await connect()
  await plan()
  await blocker.query('COMMIT')
  await blocker.end()
}

/** The nested plans of a statement that read the table of jobs: the server tells the plan of every statement that it runs. */
async function plansOf(sql: string, tables = / (on|using) job/): Promise<string[]> {
  await client.query(`LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
    SET auto_explain.log_nested_statements = on; SET auto_explain.log_level = notice; SET client_min_messages = notice`)
  plans.length = 0
  await client.query(sql)
  await client.query('RESET auto_explain.log_min_duration')
  // The last one is that of the statement which calls the function, and is the test's own.
  return plans.slice(0, -1).filter(plan => tables.test(plan))
}

const rowsRead = (plan: string): number[] =>
  plan
    .split('\n')
    .filter(line => /Scan .*job/.test(line))
    .map(line => Number(/rows=([\d.]+) loops/.exec(line)?.[1] ?? 0))

describe.each([
  ['over empty tables', overEmptyTables],
  ['while all rows were dead, and none could be removed', overDeadRows]
])('a plan that was made %s', (_, prepare) => {
  beforeAll(prepare)

  test.each([1, 3])('finds the head of %i lanes in the order of the index, and no more than is taken', async lanes => {
    await client.query(EMPTY)
    await client.query(fill(lanes))
    const found = await plansOf(claim(10))
    expect(found.length).toBeGreaterThanOrEqual(3)
    for (const plan of found) {
      expect(plan).not.toMatch(/Seq Scan|Bitmap|Hash|Merge/)
      for (const rows of rowsRead(plan)) expect(rows).toBeLessThanOrEqual(10)
    }
    expect(found.filter(plan => plan.includes('LockRows'))).toMatchObject([
      expect.stringContaining('Index Scan using job_place')
    ])
    expect(found.find(plan => plan.includes('LockRows'))).not.toContain('Sort')
  })

  test.each([
    ['completes', complete],
    ['gives back', giveBack]
  ])('%s jobs by their ids', async (_, sql) => {
    await client.query(EMPTY)
    await client.query(fill(1))
    await client.query(claim(100))
    const found = await plansOf(sql)
    expect(found.length).toBeGreaterThanOrEqual(1)
    for (const plan of found) {
      expect(plan).not.toMatch(/Seq Scan|Hash|Merge|job_place/)
      expect(plan).toContain('job_pkey')
      for (const rows of rowsRead(plan)) expect(rows).toBeLessThanOrEqual(1)
    }
  })

  test('looks for finished jobs by the ids of those that were put in', async () => {
    await client.query(EMPTY)
    await client.query(fill(1))
    const found = await plansOf(putIn, / on (finished|pack)/)
    expect(found).toHaveLength(1)
    expect(found[0]).not.toMatch(/Seq Scan|Bitmap|Hash|Merge| on job/)
    expect(found[0]).toContain('Index Only Scan using finished_pkey')
    expect(found[0]).toMatch(/Index (Only )?Scan using pack_\w+ on pack/)
  })
})
