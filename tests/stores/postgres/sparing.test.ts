import type { EnqueueAnswer } from '../../../src/store/jobs.ts'
import type { Store } from '../../../src/store/store.ts'
import { afterAll, beforeAll, inject } from 'vitest'
import type { StoreHarness } from '../../conformance/harness.ts'
import { testStore } from '../../conformance/store.ts'
import { type PgBouncer, startPgBouncer } from '../../services/pgbouncer.ts'
import { named, postgresHarness, type Route } from './harness.ts'
import { serverUrl } from './server.ts'

let bouncer: PgBouncer

beforeAll(async () => {
  bouncer = await startPgBouncer(inject('postgresPort'), 'session')
})

afterAll(() => bouncer.stop())

const inSessions: Route = {
  name: 'postgres through PgBouncer in session mode, by writes that wait for nobody',
  options: schema => ({
    connection: named(bouncer.url('postgres'), schema),
    listenUrl: named(serverUrl(), schema)
  }),
  counted: () => ({ at: bouncer.url('pgbouncer'), sql: 'SHOW CLIENTS' })
}

/** Where nobody holds anything, writes that wait for nobody do all that the others do. */
const sparing = (store: Store): Store => {
  const writes = store.sparing!
  return {
    ...store,
    // What a person enqueues is one write with its entry in the audit, and not shared with others.
    enqueue: (jobs, audit) =>
      audit === undefined ? (writes.enqueue(jobs) as Promise<readonly EnqueueAnswer[]>) : store.enqueue(jobs, audit),
    settle: reports => writes.settle(reports) as ReturnType<Store['settle']>,
    writeSchedules: decisions => writes.writeSchedules(decisions) as ReturnType<Store['writeSchedules']>
  }
}

const harness = postgresHarness(inSessions)
const opening: StoreHarness = {
  ...harness,
  open: async clock => sparing(await harness.open(clock)),
  openBeside: async (store, clock) => sparing(await harness.openBeside(store, clock))
}

testStore(opening)
