import { describe, expect, test, vi } from 'vitest'

import { claimRequest, jobId, newJob, nodeRecord, read } from '../../conformance/fixtures.ts'
import { freshStore, intruder } from './fresh-store.ts'

/** As a failover to a standby that had not heard of the last commits: connections end, and numbers are given anew. */
const forgetting = (schema: string): string => `
  DELETE FROM lane; DELETE FROM runner;
  INSERT INTO lane (id, task, queue, priority) OVERRIDING SYSTEM VALUE VALUES (1, 'other', 'default', 0);
  INSERT INTO runner (id, node) OVERRIDING SYSTEM VALUE VALUES (1, 'node-b');
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${schema}'`

describe('after a failover that forgot the last commits', () => {
  test('jobs go to the lanes of their tasks, and nodes hold them under their own numbers', async () => {
    const { store, schema } = await freshStore()
    const past = await intruder(schema)
    await store.join(nodeRecord())
    await store.join(nodeRecord({ id: 'node-b' }))
    await store.enqueue([newJob()])
    await store.claim(claimRequest())
    await past.query('DELETE FROM job')
    await past.query(forgetting(schema))
    await vi.waitFor(() => store.enqueue([newJob({ id: jobId(2) })]), 60_000)
    expect(await read(store, jobId(2))).toMatchObject({ task: 'report' })
    expect((await store.claim(claimRequest())).jobs).toMatchObject([{ id: jobId(2), task: 'report' }])
    expect(await read(store, jobId(2))).toMatchObject({ node: 'node-a' })
    expect(await store.renew('node-b')).toEqual({ phase: 'alive', held: [] })
  })
})

describe('books that are dropped and made anew under a process', () => {
  test('give it their own numbers once it has met the gap', async () => {
    const { store, schema, beside } = await freshStore()
    await store.enqueue([newJob()])
    const past = await intruder(schema)
    await past.query(`DROP SCHEMA ${schema} CASCADE`)
    await expect(store.enqueue([newJob()])).rejects.toThrow('does not exist')
    const anew = await beside()
    await anew.enqueue([newJob({ task: 'other' })])
    await store.enqueue([newJob({ id: jobId(2) })])
    expect(await read(anew, jobId(2))).toMatchObject({ task: 'report' })
  })
})
