import { expect, onTestFinished, test, vi } from 'vitest'

import { DatabaseTime } from '../../../../src/stores/postgres/connection/database-time.ts'
import type { Database } from '../../../../src/stores/postgres/sql.ts'
import { openPostgresStore } from '../../../../src/postgres.ts'
import { execute, freshName, serverUrl } from '../server.ts'

const HOUR_MS = 3_600_000

/** A database whose clock is an hour ahead, and that counts how often it is asked. */
function anHourAhead(): { readonly database: Database; readonly asked: () => number } {
  let asked = 0
  const query = async (): Promise<unknown[]> => {
    asked += 1
    return [[Date.now() + HOUR_MS]]
  }
  return { database: { query } as unknown as Database, asked: () => asked }
}

test('the database’s time is computed from one measurement, and never ahead of it or behind', async () => {
  const { database, asked } = anHourAhead()
  const time = new DatabaseTime(database)
  for (let look = 0; look < 100; look++) {
    const read = await time.now()
    expect(read).toBeLessThanOrEqual(Date.now() + HOUR_MS)
    const before = Date.now() + HOUR_MS
    expect(await time.nowAtLatest()).toBeGreaterThanOrEqual(before)
  }
  expect(asked()).toBe(1)
  expect(Math.abs((await time.skewMs()) - HOUR_MS)).toBeLessThan(1_000)
})

test('those who ask at the same time share a measurement', async () => {
  const { database, asked } = anHourAhead()
  const time = new DatabaseTime(database)
  await Promise.all([time.now(), time.now(), time.skewMs()])
  expect(asked()).toBe(1)
})

test('an answer that took long, as where the process was frozen meanwhile, is asked for again', async () => {
  let asked = 0
  let nowMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  onTestFinished(() => void vi.restoreAllMocks())
  const query = async (): Promise<unknown[]> => {
    const answer = [[1_000_000 + nowMs]]
    if (++asked === 1) nowMs += 600
    return answer
  }
  const time = new DatabaseTime({ query } as unknown as Database)
  expect([await time.now(), asked]).toEqual([1_000_600, 2])
})

test('a store tells the time of its database', async () => {
  const store = await openPostgresStore({ connection: serverUrl(), schema: freshName() })
  const nowOf = async (): Promise<number> =>
    Number((await execute('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now'))[0]!['now'])
  const read = await store.now()
  const after = await nowOf()
  expect(read).toBeLessThanOrEqual(after)
  expect(await store.clockSkewMs?.()).toBeTypeOf('number')
  await store.close()
})
