import type { Client } from 'pg'
import { describe, expect, test } from 'vitest'

import type { Store } from '../../../src/store/store.ts'
import { claimOne, completed, jobId, read } from '../../conformance/fixtures.ts'
import { freshStore, intruder } from './fresh-store.ts'

interface App {
  readonly store: Store
  readonly schema: string
  /** Sends `SELECT enqueue(…)` and answers its id. */
  readonly enqueue: (list: string) => Promise<string>
  readonly client: Client
}

async function app(): Promise<App> {
  const { store, schema, clock } = await freshStore()
  clock.set(Date.now() + 60_000)
  const client = await intruder(schema)
  // Whoever calls it has another search path.
  await client.query('SET search_path = public')
  const enqueue = async (list: string): Promise<string> =>
    (await client.query<{ id: string }>(`SELECT ${schema}.enqueue(${list}) AS id`)).rows[0]!.id
  return { store, schema, enqueue, client }
}

const refused = [
  [`NULL`, 'The task of a job is NULL'],
  [`' mail'`, `The task of a job is ' mail'`],
  [`E'a\\nb'`, 'control characters'],
  [`'mail', queue => ''`, `The queue of a job is ''`],
  [`'mail', unique_key => repeat('x', 201)`, 'The unique key of a job is'],
  [`'mail', priority => 101`, 'The priority of a job is 101; it takes -100 to 100'],
  [`'mail', max_attempts => 0`, 'The number of attempts of a job is 0'],
  [`'mail', run_at => '294276-01-01'`, `The run_at of a job is '294276-01-01`],
  [`'mail', run_at => '10000-01-01T00:00:00Z'`, 'it takes an instant from 1970 to 9999'],
  [`'mail', run_at => '1969-12-31T23:59:59Z'`, 'it takes an instant from 1970 to 9999'],
  [`'mail', run_at => '4000-01-01 BC'`, 'it takes an instant from 1970 to 9999'],
  [`'mail', run_at => 'infinity'`, `The run_at of a job is 'infinity'; it takes an instant from 1970 to 9999`],
  [`'mail', run_at => '-infinity'`, `The run_at of a job is '-infinity'`],
  [
    `'mail', keep => '1001 years'`,
    `The time for which a job is kept is '1001 years'; it takes 1,000 years at the most`
  ],
  [`'mail', keep => '-1 second'`, 'The milliseconds for which a job is kept is -1000'],
  [`'mail', unique_key => 'k', unique_while => 'running'`, `The unique_while of a job is 'running'`],
  [`'mail', unique_key => 'k', on_duplicate => 'merge'`, `The on_duplicate of a job is 'merge'`],
  [`'mail', unique_while => 'kept'`, 'only with a unique_key'],
  [`'mail', unique_key => 'k', unique_for => '1 hour', unique_while => 'kept'`, 'unique_for is of use only with'],
  [`'mail', unique_key => 'k', unique_for => '-1 hour'`, 'The milliseconds for which a job holds its key is -3600000'],
  [`'mail', max_attempts => 1001`, 'The number of attempts of a job is 1001'],
  [`'mail', delivery => 'once'`, `The delivery of a job is 'once'`],
  [`'mail', to_jsonb(repeat('x', 1000000))`, 'The number of bytes of a payload is 1000002']
] as const

describe('the function enqueue', () => {
  test('has a job like one whose task says nothing, in a lane that it makes', async () => {
    const { store, enqueue } = await app()
    const id = await enqueue(`'mail', '{"to": ["Zoë"]}'`)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(await read(store, id)).toMatchObject({
      task: 'mail',
      queue: 'default',
      priority: 0,
      payload: '{"to": ["Zoë"]}',
      state: 'available',
      origin: 'enqueue',
      maxAttempts: 10,
      delivery: 'at-least-once',
      keepMs: 604_800_000,
      uniqueKey: undefined
    })
    expect(await claimOne(store, { tasks: ['mail'] })).toMatchObject({ id, attempt: 1 })
  })

  test('takes what a job can be told, by name', async () => {
    const { store, enqueue } = await app()
    const options = `'mail', queue => 'slow', priority => -5, run_at => '2100-01-01T00:00:00.5Z', unique_key => 'k', id => '${jobId(7)}',
      max_attempts => 3, keep => '90 minutes', delivery => 'at-most-once'`
    expect(await enqueue(options)).toBe(jobId(7))
    expect(await read(store, jobId(7))).toMatchObject({
      queue: 'slow',
      priority: -5,
      runAt: Date.parse('2100-01-01T00:00:00.5Z'),
      uniqueKey: 'k',
      payload: 'null',
      maxAttempts: 3,
      delivery: 'at-most-once',
      keepMs: 5_400_000
    })
  })

  test('answers the id that is there: the job’s own, live or finished, or that of who holds the key', async () => {
    const { store, enqueue } = await app()
    const id = await enqueue(`'mail', unique_key => 'k'`)
    expect(await enqueue(`'mail', unique_key => 'k'`)).toBe(id)
    expect(await enqueue(`'mail', id => '${id}'`)).toBe(id)
    expect(await enqueue(`'other', unique_key => 'k'`)).not.toBe(id)
    await store.settle([completed(await claimOne(store, { tasks: ['mail'] }))])
    expect(await enqueue(`'mail', id => '${id}'`)).toBe(id)
    expect((await read(store, id)).state).toBe('completed')
    expect(await enqueue(`'mail', unique_key => 'k'`)).not.toBe(id)
  })

  test('holds a key for as long as it says, and replaces who holds it', async () => {
    const { store, enqueue, client } = await app()
    const kept = await enqueue(`'mail', '1', unique_key => 'k', unique_while => 'kept'`)
    expect(await enqueue(`'mail', '2', unique_key => 'k', on_duplicate => 'replace', priority => 3`)).toBe(kept)
    expect(await read(store, kept)).toMatchObject({ payload: '2', priority: 3, uniqueUntil: undefined })
    await client.query('BEGIN')
    expect(await enqueue(`'mail', '3', unique_key => 'k', unique_while => 'kept', on_duplicate => 'replace'`)).toBe(
      kept
    )
    await client.query('ROLLBACK')
    expect(await read(store, kept)).toMatchObject({ payload: '2' })
    expect(await enqueue(`'mail', '4', unique_key => 'k', unique_while => 'kept', on_duplicate => 'replace'`)).toBe(
      kept
    )
    await store.settle([completed(await claimOne(store, { tasks: ['mail'] }))])
    for (const how of ['', `, on_duplicate => 'replace'`, `, unique_while => 'waiting'`])
      expect(await enqueue(`'mail', '5', unique_key => 'k'${how}`)).toBe(kept)
    expect((await read(store, kept)).payload).toBe('4')
    const hour = await enqueue(`'mail', unique_key => 'h', unique_for => '1 hour', keep => '0'`)
    expect((await read(store, hour)).keepMs).toBe(3_600_000)
    const waiting = await enqueue(`'mail', unique_key => 'w', unique_while => 'waiting', max_attempts => 2147483647`)
    expect(await read(store, waiting)).toMatchObject({ uniqueUntil: 0, maxAttempts: 2_147_483_647 })
  })

  test('is undone with its transaction, lane and all, and what comes after it is not', async () => {
    const { store, enqueue, client } = await app()
    await client.query('BEGIN')
    const id = await enqueue(`'mail'`)
    await client.query('ROLLBACK')
    expect(await store.readJob(id)).toBeUndefined()
    const next = await enqueue(`'mail'`)
    expect((await claimOne(store, { tasks: ['mail'] })).id).toBe(next)
  })

  test('gives ids in the order of its calls, so that jobs of one transaction are begun in it', async () => {
    const { schema, client } = await app()
    const { rows } = await client.query<{ id: string }>(
      `SELECT ${schema}.enqueue('mail') AS id FROM generate_series(1, 300)`
    )
    const ids = rows.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted())
    expect(new Set(ids.map(id => id.slice(-12))).size).toBe(300)
  })

  test('serves a trigger of the app', async () => {
    const { store, schema, client } = await app()
    await client.query(`
      CREATE TEMPORARY TABLE ship (name text);
      CREATE FUNCTION pg_temp.greet() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM ${schema}.enqueue('greet', to_jsonb(NEW), unique_key => NEW.name); RETURN NEW; END $$;
      CREATE TRIGGER greet AFTER INSERT ON ship FOR EACH ROW EXECUTE FUNCTION pg_temp.greet();
      INSERT INTO ship VALUES ('Aurora'), ('Borea'), ('Aurora')`)
    const payloads = ['{"name": "Aurora"}', '{"name": "Borea"}']
    for (const payload of payloads) expect((await claimOne(store, { tasks: ['greet'] })).payload).toBe(payload)
  })

  test('tells of its commit only when it is asked to', async () => {
    const { schema, enqueue, client } = await app()
    const heard: string[] = []
    client.on('notification', ({ channel }) => heard.push(channel))
    await client.query(`LISTEN ${schema}_wake`)
    await enqueue(`'mail'`)
    expect(heard).toEqual([])
    await enqueue(`'mail', wake => true`)
    expect(heard).toEqual([`${schema}_wake`])
  })

  test('refuses what code would refuse, by name', async () => {
    const { enqueue } = await app()
    for (const [list, problem] of refused) await expect(enqueue(list)).rejects.toThrow(problem)
  })
})
