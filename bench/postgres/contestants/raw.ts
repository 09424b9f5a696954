import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Client, Pool, type PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Contestant, Handle, Addresses, Producer, Worker } from './contestant.ts'
import { hasRows, query } from './sql.ts'

/** Connections that claim side by side. */
const CONNECTIONS = 4
/** Jobs that one statement claims. */
const CLAIM = 500

const TABLE = `CREATE TABLE job (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, state smallint NOT NULL DEFAULT 0,
  priority smallint NOT NULL DEFAULT 0, run_at timestamptz NOT NULL DEFAULT now(), payload jsonb NOT NULL);
CREATE INDEX job_place ON job (state, priority, run_at, id)`
const INSERT = 'INSERT INTO job (payload) SELECT * FROM unnest($1::jsonb[])'
const CLAIM_SOME = `UPDATE job SET state = 1 WHERE id = ANY (ARRAY(SELECT id FROM job WHERE state = 0 AND run_at <= now()
  ORDER BY priority, run_at, id LIMIT ${CLAIM} FOR UPDATE SKIP LOCKED)) RETURNING id, payload`
const SETTLE = 'DELETE FROM job WHERE id = ANY ($1)'
const INSERT_AND_TELL = `WITH one AS (INSERT INTO job (payload) VALUES ($1) RETURNING id) SELECT pg_notify('job', '') FROM one`

interface Job {
  readonly id: string
  readonly payload: unknown
}

/**
 * The least that PostgreSQL must do for a queue with priorities and times that finds its running jobs again, in plain
 * statements: one kind of job, no fence, no recovery. A claim is one `UPDATE … RETURNING`, a settle one `DELETE`, each
 * its own transaction.
 */
export const contestant: Contestant = {
  async install({ postgres }) {
    await query(postgres, TABLE)
  },
  openProducer: async (addresses, purpose) =>
    purpose === 'throughput' ? openSharing(addresses) : openTeller(addresses),
  startWorker: (addresses, handle, purpose) =>
    purpose === 'throughput' ? drain(addresses, handle) : listen(addresses, handle),
  isDrained: async ({ postgres }) => !(await hasRows(postgres, 'SELECT 1 FROM job LIMIT 1'))
}

/** Calls that come while a statement is under way share the next one, and thereby its commit. */
function openSharing({ postgres }: Addresses): Producer {
  const pool = new Pool({ connectionString: postgres, max: 1 })
  let waiting: { payload: object; done: () => void; failed: (error: unknown) => void }[] = []
  let isWriting = false
  const write = async (): Promise<void> => {
    isWriting = true
    // All callers whose calls returned together can call again before the next statement goes.
    for (await nextTurn(); waiting.length > 0; await nextTurn()) {
      const batch = waiting
      waiting = []
      try {
        await pool.query({
          name: 'insert',
          text: INSERT,
          values: [batch.map(({ payload }) => JSON.stringify(payload))]
        })
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    isWriting = false
  }
  return {
    enqueue: payload =>
      new Promise<void>((done, failed) => {
        waiting.push({ payload, done, failed })
        if (!isWriting) void write()
      }),
    enqueueMany: payloads => copyIn(pool, payloads),
    close: () => pool.end()
  }
}

/** One statement inserts and notifies. */
function openTeller({ postgres }: Addresses): Producer {
  const pool = new Pool({ connectionString: postgres, max: 1 })
  return {
    enqueue: payload => pool.query({ name: 'tell', text: INSERT_AND_TELL, values: [JSON.stringify(payload)] }),
    enqueueMany: payloads => copyIn(pool, payloads),
    close: () => pool.end()
  }
}

async function copyIn(pool: Pool, payloads: readonly object[]): Promise<void> {
  const client = await pool.connect()
  try {
    const lines = payloads.map(payload => `${JSON.stringify(payload).replaceAll('\\', '\\\\')}\n`)
    const chunks = Array.from({ length: Math.ceil(lines.length / 1_000) }, (_, index) =>
      lines.slice(index * 1_000, (index + 1) * 1_000).join('')
    )
    await pipeline(Readable.from(chunks), client.query(copyFrom('COPY job (payload) FROM STDIN')))
  } finally {
    client.release()
  }
}

async function drain({ postgres }: Addresses, handle: Handle): Promise<Worker> {
  const pool = new Pool({ connectionString: postgres, max: CONNECTIONS })
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.connect()))
  const lanes = clients.map(client => drainBy(client, handle))
  return {
    close: async () => {
      await Promise.all(lanes)
      for (const client of clients) client.release()
      await pool.end()
    }
  }
}

async function drainBy(client: PoolClient, handle: Handle): Promise<void> {
  for (;;) {
    const { rows } = await client.query<Job>({ name: 'claim', text: CLAIM_SOME })
    if (rows.length === 0) return
    for (const { payload } of rows) void handle(payload)
    await client.query({ name: 'settle', text: SETTLE, values: [rows.map(({ id }) => id)] })
  }
}

/** The floor of the way that a job takes from one process to another: LISTEN, and one claim for each NOTIFY. */
async function listen({ postgres }: Addresses, handle: Handle): Promise<Worker> {
  const client = new Client(postgres)
  await client.connect()
  let last: Promise<unknown> = Promise.resolve()
  client.on('notification', () => {
    last = client.query<Job>({ name: 'claim', text: CLAIM_SOME }).then(({ rows }) => {
      for (const { payload } of rows) void handle(payload)
    })
  })
  await client.query('LISTEN job')
  return {
    close: async () => {
      await last
      await client.end()
    }
  }
}
