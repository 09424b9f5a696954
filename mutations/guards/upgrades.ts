import type { Guard } from '../guard.ts'

/** Books that a newer release works on together with an older one. */
export const upgradeGuards: readonly Guard[] = [
  {
    name: 'later-routines-stay',
    promise: 'An older release leaves the routines of a later edition as they are.',
    file: 'src/stores/postgres/schema/make-routines.ts',
    text: 'there.hash !== hash && there.by <= edition',
    put: 'there.hash !== hash',
    tests: [['tests/stores/postgres/schema/routines.test.ts', 'left alone by an older release']]
  },
  {
    name: 'changed-routines-are-replaced',
    promise: 'A routine whose text has changed is replaced when the books are opened.',
    file: 'src/stores/postgres/schema/make-routines.ts',
    text: 'there === undefined || (there.hash',
    put: 'there === undefined || (there.by > 1_000 && there.hash',
    tests: [['tests/stores/postgres/schema/routines.test.ts', 'goes on with those of the next']]
  },
  {
    name: 'live-older-node-stops-migration',
    promise: 'A migration that an earlier release cannot work with is refused while a node of it lives.',
    file: 'src/stores/sql/older-nodes.ts',
    text: 'if (alive.length > 0)',
    put: 'if (alive.length > 1_000)',
    tests: [['tests/stores/sqlite/older-nodes.test.ts', 'is refused while one of them lives']]
  },
  {
    name: 'older-node-joins-no-more',
    promise: 'A node that cannot work on the books since they were migrated does not join.',
    file: 'src/stores/sql/older-nodes.ts',
    text: 'if (needed > known)',
    put: 'if (needed > known + 1_000)',
    tests: [['tests/stores/sqlite/older-nodes.test.ts', 'may not join any more']]
  },
  {
    name: 'no-node-joins-during-a-migration',
    promise: 'A node that joins waits for a migration that is under way, and compares with what it needs.',
    file: 'src/stores/postgres/statements/nodes.ts',
    text: 'await tx.query({ text: lockOutMigrations(database.schema) })',
    put: '',
    tests: [['tests/stores/postgres/schema/older-nodes.test.ts', 'lets no node join while it is under way']]
  },
  {
    name: 'migration-by-hand-looks-for-older-nodes',
    promise: 'Printed statements refuse books on which nodes could not go on.',
    file: 'src/stores/postgres/schema/migration-sql.ts',
    text: 'after > 0 && pending.length > 0 ?',
    put: 'after > 1_000 && pending.length > 0 ?',
    tests: [['tests/stores/postgres/schema/migrations.test.ts', 'nodes that could not go on are refused']]
  },
  {
    name: 'migration-waits-briefly',
    promise: 'A migration waits briefly for a table, since all others wait behind it.',
    file: 'src/stores/postgres/schema/migration-sql.ts',
    text: 'lock_timeout = 2000',
    put: 'lock_timeout = 600000',
    tests: [['tests/stores/postgres/schema/migrations.test.ts', 'a table that somebody holds is waited for briefly']]
  },
  {
    name: 'watch-outlasts-the-lease',
    promise: 'A node of an earlier release counts as dead only after twice the lease.',
    file: 'src/stores/sql/older-nodes.ts',
    text: 'Math.max(MIN_STILL_MS, 2 * leaseTtlMs)',
    put: 'MIN_STILL_MS + 0 * leaseTtlMs',
    tests: [['tests/stores/sqlite/older-nodes.test.ts', 'is watched twice as long as a lease lasts']]
  },
  {
    name: 'known-earlier-wording-goes-on',
    promise: 'Books that were made with an earlier wording that made the same tables go on.',
    file: 'src/stores/sql/migration.ts',
    text: 'ours.formerChecksums?.includes(checksum) !== true',
    put: 'true',
    tests: [['tests/stores/postgres/schema/layouts.test.ts', 'books of layout']]
  },
  {
    name: 'sqlite-registration-by-release',
    promise: 'A lower release writes no registration, and no marks.',
    file: 'src/stores/sqlite/statements/registration.ts',
    text: ' WHERE release <= excluded.release`',
    put: '`',
    tests: [['tests/stores/sqlite/conformance.test.ts', 'registration: a lower release writes nothing']]
  }
]
