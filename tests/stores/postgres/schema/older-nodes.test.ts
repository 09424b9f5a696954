import { describe, expect, test } from 'vitest'
import { migrate } from '../../../../src/stores/postgres/schema/migrate.ts'
import { migrations } from '../../../../src/stores/postgres/migrations/all.ts'
import type { OlderNodesWatch } from '../../../../src/store/kind.ts'
import { lock } from '../../../../src/stores/postgres/schema/migration-sql.ts'
import { nodeRecord } from '../../../conformance/fixtures.ts'
import { freshStore } from '../fresh-store.ts'
import { execute, openDatabase } from '../server.ts'

const next = { number: migrations.length + 1, name: 'next', sql: 'CREATE TABLE next (x int)' }
/** None of this release may go on beside it. */
const harsh = [...migrations, { ...next, minCompatible: migrations.length + 1 }]
const gentle = [...migrations, { ...next, minCompatible: migrations.length }]
const watching = { stillMs: 200, lookEveryMs: 20 }
const isThere = async (schema: string): Promise<boolean> =>
  (await execute(`SELECT FROM pg_tables WHERE schemaname = '${schema}' AND tablename = 'next'`)).length > 0

describe('a migration that nodes of an earlier release can’t work beside', () => {
  test('is refused while one of them lives', async () => {
    const { store, schema } = await freshStore()
    await store.join(nodeRecord())
    const migrating = migrate(openDatabase({ schema }), harsh, { watching: { ...watching, stillMs: 10_000 } })
    const renewing = setInterval(() => void store.renew('node-a'), 50)
    await expect(migrating).rejects.toMatchObject({
      code: 'migration-mismatch',
      message: expect.stringContaining('node-a (harbour, process 4711)')
    })
    clearInterval(renewing)
    expect(await isThere(schema)).toBe(false)
  })

  test('waits for those that died without leaving, and marks them lost', async () => {
    const { store, schema } = await freshStore()
    await store.join(nodeRecord())
    const told: OlderNodesWatch[] = []
    const telling = { ...watching, onOlderNodes: (watch: OlderNodesWatch) => void told.push(watch) }
    await migrate(openDatabase({ schema }), harsh, { watching: telling })
    expect(told).toEqual([{ nodes: ['node-a (harbour, process 4711)'], forMs: 200 }])
    expect(await isThere(schema)).toBe(true)
    expect(await store.listNodes()).toMatchObject([{ id: 'node-a', phase: 'lost' }])
  })

  test('is applied at once where all have left, and one that opened before may not join any more', async () => {
    const { store, schema } = await freshStore()
    await store.join(nodeRecord())
    await store.leave('node-a')
    await migrate(openDatabase({ schema }), harsh)
    await expect(store.join(nodeRecord({ id: 'node-b' }))).rejects.toMatchObject({ code: 'migration-mismatch' })
  })

  test('is not begun while a node of an earlier release is joining', async () => {
    const { store, schema } = await freshStore()
    const database = openDatabase({ schema })
    // It joins between the watch and the migration: the table is as it was, and the node is seen under the lock.
    const found = migrate(database, harsh, { watching })
    await store.join(nodeRecord())
    const renewing = setInterval(() => void store.renew('node-a'), 20)
    const outcome = await found.then(
      () => 'migrated',
      () => 'refused'
    )
    clearInterval(renewing)
    const { phase } = (await store.renew('node-a')) as { phase: string }
    expect([
      ['migrated', 'lost'],
      ['refused', 'alive']
    ]).toContainEqual([outcome, phase])
  })

  test('lets no node join while it is under way', async () => {
    const { store, schema } = await freshStore()
    const finish = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const database = openDatabase({ schema })
    const migrating = database.transaction(async tx => {
      await tx.query({ text: lock(database.schema) })
      locked.resolve()
      await finish.promise
      await tx.query({ text: 'UPDATE {books}.migration SET min_compatible = 1000' })
    })
    await locked.promise
    const joining = store.join(nodeRecord())
    joining.catch(() => undefined)
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
    await expect.poll(async () => (await execute(waiting)).length, { timeout: 10_000 }).toBeGreaterThan(0)
    finish.resolve()
    await migrating
    await expect(joining).rejects.toMatchObject({ code: 'migration-mismatch' })
  })

  test('does not concern those that it allows', async () => {
    const { store, schema } = await freshStore()
    await store.join(nodeRecord())
    await migrate(openDatabase({ schema }), gentle, { watching: { ...watching, stillMs: 10_000 } })
    expect(await store.renew('node-a')).toMatchObject({ phase: 'alive' })
    await store.join(nodeRecord({ id: 'node-b' }))
  })
})
