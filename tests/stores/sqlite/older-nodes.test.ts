import { describe, expect, test } from 'vitest'
import { type Watching, watchingOf } from '../../../src/stores/sql/older-nodes.ts'
import { Connection } from '../../../src/stores/sqlite/connection/connection.ts'
import { migrate } from '../../../src/stores/sqlite/migrate.ts'
import { migrations } from '../../../src/stores/sqlite/migrations/all.ts'
import type { OlderNodesWatch } from '../../../src/store/kind.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { nodeRecord } from '../../conformance/fixtures.ts'
import { freshFile, openFor } from './folder.ts'

const next = { number: migrations.length + 1, name: 'next', sql: 'CREATE TABLE next (x)' }
/** None of this release may go on beside it. */
const harsh = [...migrations, { ...next, minCompatible: migrations.length + 1 }]
const gentle = [...migrations, { ...next, minCompatible: migrations.length }]
const watching = { stillMs: 200, lookEveryMs: 20 }
const patient = { ...watching, stillMs: 10_000 }
const busy = (file: string) => ({
  clock: new ManualClock('2026-03-02T10:00:00Z'),
  random: () => 0.5,
  operationTimeoutMs: 100,
  file
})

async function migrateTo(file: string, known: typeof harsh, watch: Watching = watching): Promise<number> {
  const connection = new Connection(file)
  try {
    return (await migrate(connection, busy(file), known, watch)).length
  } finally {
    connection.close()
  }
}

describe('a migration that nodes of an earlier release can’t work beside', () => {
  test('is refused while one of them lives', async () => {
    const file = freshFile()
    const store = await openFor(file)
    await store.join(nodeRecord())
    const renewing = setInterval(() => void store.renew('node-a'), 50)
    await expect(migrateTo(file, harsh, patient)).rejects.toMatchObject({
      code: 'migration-mismatch',
      message: expect.stringContaining('node-a (harbour, process 4711)')
    })
    clearInterval(renewing)
    expect(await migrateTo(file, gentle, patient)).toBe(gentle.length)
  })

  test('waits for those that died without leaving, and marks them lost', async () => {
    const file = freshFile()
    const store = await openFor(file)
    await store.join(nodeRecord())
    const told: OlderNodesWatch[] = []
    const telling = { ...watching, onOlderNodes: (watch: OlderNodesWatch) => told.push(watch) }
    expect(await migrateTo(file, harsh, telling)).toBe(harsh.length)
    expect(told).toEqual([{ nodes: ['node-a (harbour, process 4711)'], forMs: 200 }])
    expect(await store.listNodes()).toMatchObject([{ id: 'node-a', phase: 'lost' }])
  })

  test('is applied at once where all have left, and one that opened before may not join any more', async () => {
    const file = freshFile()
    const store = await openFor(file)
    await store.join(nodeRecord())
    await store.leave('node-a')
    expect(await migrateTo(file, harsh, patient)).toBe(harsh.length)
    await expect(store.join(nodeRecord({ id: 'node-b' }))).rejects.toMatchObject({ code: 'migration-mismatch' })
  })
})

test('a node of an earlier release is watched twice as long as a lease lasts, and at least 30 s', () => {
  expect(watchingOf({}).stillMs).toBe(30_000)
  expect(watchingOf({ leaseTtlMs: 15_000 }).stillMs).toBe(30_000)
  expect(watchingOf({ leaseTtlMs: 60_000 }).stillMs).toBe(120_000)
})
