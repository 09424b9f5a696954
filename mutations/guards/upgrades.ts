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
    name: 'known-earlier-wording-goes-on',
    promise: 'Books that were made with an earlier wording that made the same tables go on.',
    file: 'src/stores/sql/migration.ts',
    text: 'ours.formerChecksums?.includes(checksum) !== true',
    put: 'true',
    tests: [['tests/stores/postgres/schema/layouts.test.ts', 'books of layout']]
  }
]
