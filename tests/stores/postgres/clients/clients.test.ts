import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { NewJob } from '../../../../src/core/job/job.ts'
import { openBooks } from '../../../../src/stores/postgres/open.ts'
import type { SqlClient } from '../../../../src/store/jobs.ts'
import { withinClients } from '../../../../src/stores/postgres/clients/within-clients.ts'
import { newJob } from '../../../conformance/fixtures.ts'
import { execute, freshDatabase } from '../server.ts'
import { type AppDatabase, kinds } from './kinds.ts'

// All that a driver could take for something else: its own inOrder for values, quotes, and what JSON writes otherwise.
const payload = JSON.stringify({ text: `what? $1 :name ?? \\? 'it''s' "Zoë" \u2028 \u0001 ☃ 𝄞`, list: [1, null, {}] })
let made = 0
const jobWith = (over: Partial<NewJob> = {}): NewJob =>
  newJob({ id: `019cae00-0000-7000-8000-${String(++made).padStart(12, '0')}`, payload, ...over })

let url: string
let opened: Awaited<ReturnType<typeof openBooks>>
let enqueueWithin: ReturnType<typeof withinClients>

beforeAll(async () => {
  url = await freshDatabase()
  await execute('CREATE TABLE orders (number integer)', url)
  opened = await openBooks({ connection: url })
  enqueueWithin = withinClients(opened, 'wake')
})
afterAll(() => opened.database.close())

const ids = async (jobs: readonly NewJob[]): Promise<unknown[]> =>
  opened.database.query({ text: 'SELECT id, payload FROM {books}.job WHERE id = ANY ($1) ORDER BY id' }, [
    jobs.map(job => job.id)
  ])
const hasOrder = async (number: number): Promise<boolean> =>
  (await execute(`SELECT FROM orders WHERE number = ${number}`, url)).length > 0

describe.each(Object.keys(kinds))('a client of %s', kind => {
  let app: AppDatabase
  beforeAll(() => {
    app = kinds[kind]!(url)
  })
  afterAll(() => app.close())

  test('commits jobs and rows together', async () => {
    const [order, jobs] = [++made, [jobWith(), jobWith()]]
    await app.inTransaction(async tx => {
      await tx.order(order)
      const answers = await enqueueWithin(tx.client, jobs)
      expect(answers).toEqual(jobs.map(({ id }) => ({ outcome: 'enqueued', id })))
      expect(await ids(jobs)).toEqual([])
    })
    expect(await ids(jobs)).toEqual(jobs.map(job => [job.id, job.payload]))
    expect(await hasOrder(order)).toBe(true)
  })

  test('rolls them back together', async () => {
    const [order, job] = [++made, jobWith()]
    const storm = new Error('storm')
    const sinking = app.inTransaction(async tx => {
      await tx.order(order)
      await enqueueWithin(tx.client, [job])
      throw storm
    })
    await expect(sinking).rejects.toBe(storm)
    expect([await ids([job]), await hasOrder(order)]).toEqual([[], false])
  })

  test('is told what is there already, and its transaction goes on', async () => {
    const [order, uniqueKey] = [++made, `key ${made}`]
    const before = jobWith({ uniqueKey })
    await enqueueWithin(app.client, [before])
    const fresh = jobWith()
    await app.inTransaction(async tx => {
      const again = jobWith({ uniqueKey })
      expect(await enqueueWithin(tx.client, [fresh, before, again, fresh])).toEqual([
        { outcome: 'enqueued', id: fresh.id },
        { outcome: 'exists', id: before.id },
        { outcome: 'duplicate', id: before.id },
        { outcome: 'exists', id: fresh.id }
      ])
      await tx.order(order)
    })
    expect(await ids([fresh])).toHaveLength(1)
    expect(await hasOrder(order)).toBe(true)
  })

  test('writes at once outside a transaction, and many in one statement', async () => {
    const jobs = Array.from({ length: 2_000 }, () => jobWith())
    expect(await enqueueWithin(app.client, jobs)).toHaveLength(jobs.length)
    expect(await ids(jobs)).toHaveLength(jobs.length)
  })

  test('hears of its own failures in its own words', async () => {
    const job = jobWith()
    const failing = app.inTransaction(async tx => {
      await tx.client.query('SELECT 1 / 0 AS nothing', []).catch(() => undefined)
      await enqueueWithin(tx.client, [job])
    })
    const error: unknown = await failing.catch((thrown: unknown) => thrown)
    expect(JSON.stringify(causes(error))).toMatch(/aborted|25P02/)
    expect(await ids([job])).toEqual([])
  })
})

/** The error with what is underneath it. */
function causes(error: unknown): string[] {
  return error instanceof Error ? [`${error.name}: ${error.message}`, ...causes(error.cause)] : []
}

describe('what is no client of these books', () => {
  test.each([[{}], [{ query: 'SELECT' }], ['postgres://db/ships'], [null]])('%j is told so', async client => {
    const enqueued = (async () => enqueueWithin(client as unknown as SqlClient, [jobWith()]))()
    await expect(enqueued).rejects.toMatchObject({ code: 'client-invalid' })
  })

  test('nothing is written through the client of another database', async () => {
    const elsewhere = await freshDatabase()
    const others = await openBooks({ connection: elsewhere })
    onTestFinished(() => others.database.close())
    await enqueueWithin(kindsPg(url), [jobWith()])
    await expect(enqueueWithin(kindsPg(elsewhere), [jobWith()])).rejects.toMatchObject({ code: 'client-invalid' })
    expect(await others.database.query({ text: 'SELECT FROM {books}.job' })).toEqual([])
  })
})

function kindsPg(address: string): SqlClient {
  const app = kinds['pg']!(address)
  onTestFinished(() => app.close())
  return app.client
}
