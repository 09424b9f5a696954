import { afterAll, beforeAll, inject } from 'vitest'

import { testStore } from '../../../conformance/store.ts'
import { type PgBouncer, startPgBouncer } from '../../../services/pgbouncer.ts'
import { named, postgresHarness, type Route } from '../harness.ts'
import { serverUrl } from '../server.ts'

let bouncer: PgBouncer

beforeAll(async () => {
  bouncer = await startPgBouncer(inject('postgresPort'))
})

afterAll(() => bouncer.stop())

const throughPgBouncer: Route = {
  name: 'postgres through PgBouncer in transaction mode, every claim packed',
  options: schema => ({
    connection: named(bouncer.url('postgres'), schema),
    listenUrl: named(serverUrl(), schema),
    packFrom: 1
  }),
  counted: () => ({ at: bouncer.url('pgbouncer'), sql: 'SHOW CLIENTS' })
}

testStore(postgresHarness(throughPgBouncer))
