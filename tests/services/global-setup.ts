import type { TestProject } from 'vitest/node'
import { findProgram } from './find-program.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Port of the PostgreSQL of this run. */
    readonly postgresPort: number
  }
}

// Several projects of one run share it; each has its own copy of this module.
const key = Symbol.for('escapement.tests.postgres')
const shared = ((globalThis as Record<symbol, unknown>)[key] ??= { users: 0 }) as {
  users: number
  server?: Promise<PostgresServer>
}

/** One PostgreSQL for a run of tests, which `inject('postgresPort')` finds. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  // Tests that need no server go on without one; the others say what is missing.
  if (findProgram('initdb') === undefined) {
    project.provide('postgresPort', 0)
    return async () => undefined
  }
  shared.users += 1
  shared.server ??= startPostgres()
  const server = await shared.server
  project.provide('postgresPort', server.port)
  return async () => {
    shared.users -= 1
    if (shared.users === 0) await server.remove()
  }
}
