import { assertNode } from './node-version.ts'
export type { MigrationState, OlderNodesWatch } from './store/kind.ts'
export { migrationSql } from './stores/postgres/schema/migration-sql.ts'
export { inspectPostgres, migratePostgres } from './stores/postgres/open.ts'
export type { PostgresConnection, PostgresStoreOptions } from './stores/postgres/options.ts'
export { openPostgresStore, type PostgresStore } from './stores/postgres/store.ts'
export { fromDrizzle, type DrizzleTag, type DrizzleTransaction } from './stores/postgres/clients/drizzle.ts'
export { fromKnex, type KnexTransaction } from './stores/postgres/clients/knex.ts'
export { fromKysely, type KyselyQuery, type KyselyTransaction } from './stores/postgres/clients/kysely.ts'
export { fromPrisma, type PrismaTransaction } from './stores/postgres/clients/prisma.ts'

assertNode()
