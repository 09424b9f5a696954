import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'

import { openPostgresStore } from '../../../../src/postgres.ts'
import type { PostgresStore } from '../../../../src/postgres.ts'
import { jobId, newJob } from '../../../conformance/fixtures.ts'
import { startPostgres, startStandby } from '../../../services/postgres.ts'
import { execute } from '../server.ts'

const unavailable = { code: 'store-unavailable' }

/** Does as the loops of a node do: again, until it is done. */
async function untilDone<T>(step: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await step()
    } catch (error) {
      expect(error).toMatchObject(unavailable)
      await sleep(20)
    }
  }
}

/** Resolves at the next call of a listener. */
function nextWake(store: PostgresStore): Promise<void> {
  return new Promise(resolve => {
    const end = store.watch(() => {
      end()
      resolve()
    })
  })
}

test('a server that crashes is waited for, and what was committed is there', async () => {
  const server = await startPostgres()
  onTestFinished(() => server.remove())
  const store = await openPostgresStore({ connection: server.url() })
  onTestFinished(() => store.close())
  await nextWake(store)
  const wakes: number[] = []
  store.watch(() => wakes.push(1))
  expect(await store.enqueue([newJob()])).toMatchObject([{ outcome: 'enqueued' }])
  const running = store.enqueue([newJob({ id: jobId(2) })]).catch((error: unknown) => error)
  await server.stop('immediate')
  await running
  await expect(store.enqueue([newJob({ id: jobId(3) })])).rejects.toMatchObject(unavailable)
  const before = wakes.length
  await server.start()
  expect(await untilDone(() => store.enqueue([newJob()]))).toMatchObject([{ outcome: 'exists' }])
  const [second] = await untilDone(() => store.enqueue([newJob({ id: jobId(2) })]))
  expect(['enqueued', 'exists']).toContain(second?.outcome)
  while (wakes.length === before) await sleep(10)
})

test('a standby is not usable, and says so; once it is promoted it is', async () => {
  const primary = await startPostgres()
  onTestFinished(() => primary.remove())
  const books = await openPostgresStore({ connection: primary.url() })
  await books.enqueue([newJob()])
  await books.close()
  const standby = await startStandby(primary)
  onTestFinished(() => standby.remove())
  const options = { connection: standby.url() }
  await expect(openPostgresStore(options)).rejects.toMatchObject({
    code: 'store-unavailable',
    message: expect.stringContaining('is read-only (a standby')
  })
  await primary.stop('immediate')
  await execute('SELECT pg_promote()', standby.url())
  const store = await openPostgresStore(options)
  expect(store.id).toBe(books.id)
  expect(await store.enqueue([newJob()])).toMatchObject([{ outcome: 'exists' }])
  await store.close()
})
