import { expect } from 'vitest'

import { MAX_KEPT_FAILURES } from '../../src/core/job/job.ts'
import type { Failure } from '../../src/core/job/job.ts'
import type { Store } from '../../src/store/store.ts'
import { completed, failed, jobId, newJob, read, runningJob } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

type RecordFault = NonNullable<Store['recordFault']>

/** Faults that a process writes down as it crashes. */
export function testFaults({ test }: Suite): void {
  const fault = (message = 'A timer that was left behind threw.'): Failure => ({ attempt: 1, at: START + 7, message })

  /** Only books that end with the process, or that no single turn of the event loop can write, may do without it. */
  const testWhereKept = (name: string, body: (store: Store, recordFault: RecordFault) => Promise<void>): void =>
    test(`fault: ${name}`, async ({ store }) => {
      const { reach, transactions } = store.traits
      if (store.recordFault === undefined) expect(reach === 'process' || transactions === 'async').toBe(true)
      else await body(store, (id, failure) => store.recordFault?.(id, failure))
    })

  testWhereKept('is among the errors of a running job, which runs on', async (store, recordFault) => {
    const attempt = await runningJob(store)
    recordFault(attempt.id, { ...fault(), stack: 'Error: at line 7', code: 'ECONNRESET' })
    expect(await read(store, attempt.id)).toMatchObject({
      state: 'running',
      fence: attempt.fence,
      failures: 0,
      errors: [{ ...fault(), stack: 'Error: at line 7', code: 'ECONNRESET' }]
    })
    expect(await store.settle([completed(attempt)])).toEqual(['accepted'])
  })

  testWhereKept('is written on a finished job too, and changes nothing else of it', async (store, recordFault) => {
    const attempt = await runningJob(store)
    await store.settle([completed(attempt, '1')])
    const before = await read(store, attempt.id)
    recordFault(attempt.id, fault())
    expect(await read(store, attempt.id)).toEqual({ ...before, errors: [fault()] })
  })

  testWhereKept('comes after the failures before it, and the oldest give way', async (store, recordFault) => {
    const attempt = await runningJob(store)
    await store.settle([failed(attempt, START + 5, 'first')])
    for (let count = 1; count <= MAX_KEPT_FAILURES; count++) recordFault(attempt.id, fault(`fault ${count}`))
    const { errors } = await read(store, attempt.id)
    expect(errors).toHaveLength(MAX_KEPT_FAILURES)
    expect(errors.map(error => error.message)).not.toContain('first')
    expect(errors.at(-1)?.message).toBe(`fault ${MAX_KEPT_FAILURES}`)
  })

  testWhereKept('of a job that is not there is nobody’s', async (store, recordFault) => {
    await store.enqueue([newJob()])
    recordFault(jobId(404), fault())
    expect((await read(store, jobId(1))).errors).toEqual([])
  })
}
