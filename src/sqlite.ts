import { assertNode } from './node-version.ts'
export type { Synchronous } from './stores/sqlite/connection/connection.ts'
export type { MigrationState, OlderNodesWatch } from './store/kind.ts'
export { inspectSqliteFile, migrateSqliteFile } from './stores/sqlite/open.ts'
export { openSqliteStore } from './stores/sqlite/store.ts'
export type { SqliteStoreOptions } from './stores/sqlite/options.ts'
export type { StoreClock } from './stores/sqlite/connection/store-clock.ts'
export type { SqliteStore } from './stores/sqlite/store.ts'

assertNode()
