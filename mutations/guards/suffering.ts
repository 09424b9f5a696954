import type { Guard } from '../guard.ts'

const loop = 'tests/runtime/loop.test.ts'
const queue = 'tests/stores/sqlite/connection/write-queue.test.ts'

/**
 * What goes wrong around it: books that are away, files that vanish, code of users that throws. Rules 15, 18 and 20.
 */
export const sufferingGuards: readonly Guard[] = [
  {
    name: 'enqueue-waits-for-nobody',
    promise: 'An enqueue of this process never waits for a transaction that holds a key.',
    file: 'src/stores/postgres/routines/insert-jobs.ts',
    text: ' SET lock_timeout = ${PATIENCE_MS}',
    put: '',
    tests: [['tests/stores/postgres/held-by-others.test.ts', 'leaves the others of the batch be']]
  },
  {
    name: 'loop-backs-off',
    promise: 'A loop whose step fails backs off, up to 10 s.',
    file: 'src/runtime/loop.ts',
    text: 'FIRST_BACKOFF_MS * 2 ** (failures - 1)',
    put: 'FIRST_BACKOFF_MS * failures',
    tests: [[loop, 'backs off while it fails, up to 10 s']]
  },
  {
    name: 'wake-during-a-step-is-kept',
    promise: 'A wake that comes during a step is not lost.',
    file: 'src/runtime/loop.ts',
    text: 'if (!this.#stopped && !this.#woken && restMs > 0)',
    put: 'if (!this.#stopped && restMs > 0)',
    tests: [[loop, 'a wake during a step is not lost']]
  },
  {
    name: 'listener-harms-nobody',
    promise: 'A listener that throws hurts neither the teller nor the others.',
    file: 'src/runtime/events/emitter.ts',
    text: '      } catch (error) {\n        this.#fail(name, listener, error)\n      }',
    put: '      } catch (error) {\n        throw error\n      }',
    tests: [[loop, 'a listener that throws hurts neither']]
  },
  {
    name: 'blocked-loop-is-told',
    promise: 'An event loop that was blocked for a second is told, long before its lease is lost.',
    file: 'src/runtime/attempts/lag-watch.ts',
    text: 'const WARN_MS = 1_000',
    put: 'const WARN_MS = 20_000',
    tests: [['tests/runtime/attempts/lag-watch.test.ts', 'is laid to the handler that held it']]
  },
  {
    name: 'standby-decides-what-nobody-does',
    promise: 'A scheduler that stands by decides what nobody has decided for 3 s.',
    file: 'src/runtime/schedules/standby.ts',
    text: 'const NEEDED_AFTER_MS = 3_000',
    put: 'const NEEDED_AFTER_MS = 30_000_000',
    tests: [['tests/runtime/schedules/standby.test.ts', 'but decides itself what nobody has decided']]
  },
  {
    name: 'payload-is-checked-before-the-handler',
    promise: 'A payload in the books that its schema refuses does not reach the handler.',
    file: 'src/runtime/attempts/attempts.ts',
    text: 'if (task.schema === undefined) return handler(attempt)',
    put: 'if (task.schema === undefined || attempt.fence > 0) return handler(attempt)',
    tests: [['tests/runtime/attempts/attempts.test.ts', 'that is stored and no longer satisfies the schema']]
  },
  {
    name: 'replaced-file-is-not-written',
    promise: 'A file of books that was replaced is not written.',
    file: 'src/stores/sqlite/connection/file-guard.ts',
    text: 'if (found.ino === ino && found.dev === dev && found.isEmpty === isEmpty) return',
    put: 'if (found !== ABSENT) return',
    tests: [['tests/stores/sqlite/connection/vanishing.test.ts', 'replaced by new books']]
  },
  {
    name: 'write-is-short',
    promise: 'A transaction takes in no more writes after some milliseconds.',
    file: 'src/stores/sqlite/connection/write-queue.ts',
    text: 'const GATHER_MS = 5',
    put: 'const GATHER_MS = 5_000',
    tests: [[queue, 'a transaction takes in no more writes']]
  },
  {
    name: 'faulty-write-fails-alone',
    promise: 'A faulty write is rejected, and those beside it are written.',
    file: 'src/stores/sqlite/connection/write-queue.ts',
    text: 'if (begun.length > 1)',
    put: 'if (begun.length > 1_000)',
    tests: [[queue, 'a faulty write is rejected']]
  },
  {
    name: 'body-of-the-app-is-run-once',
    promise: 'A write that holds code of the app is never run a second time.',
    file: 'src/stores/sqlite/connection/write-queue.ts',
    text: "const mayRunAgain = begun[0]?.mode !== 'once'",
    put: 'const mayRunAgain = begun.length < 1_000',
    tests: [[queue], ['tests/stores/sqlite/transact.test.ts']]
  },
  {
    name: 'commits-survive-a-kill',
    promise: 'SQLite runs with synchronous NORMAL, or FULL where that was asked for.',
    file: 'src/stores/sqlite/connection/connection.ts',
    text: "synchronous === 'full' ? 'FULL' : 'NORMAL'",
    put: "synchronous === 'full' ? 'FULL' : 'OFF'",
    tests: [['tests/stores/sqlite/connection/access.test.ts']]
  },
  {
    name: 'newer-books-are-refused',
    promise: 'Books of a newer release are refused, unless its migrations say that this one may go on.',
    file: 'src/stores/sql/migration.ts',
    text: 'if (ours === undefined && minCompatible > known.length)',
    put: 'if (ours === undefined && minCompatible > 1_000)',
    tests: [['tests/stores/sqlite/migrations.test.ts']]
  },
  {
    name: 'reworded-migration-is-refused',
    promise: 'A migration that was applied in another wording is refused.',
    file: 'src/stores/sql/migration.ts',
    text: 'ours !== undefined && checksumOf(ours) !== checksum &&',
    put: "ours !== undefined && checksum === '' &&",
    tests: [['tests/stores/sqlite/migrations.test.ts']]
  },
  {
    name: 'read-only-role-is-told',
    promise: 'A role that may only read the books is told at once why it cannot work.',
    file: 'src/stores/postgres/schema/whole.ts',
    text: '  throwFirst(database, await database.query<Fault>(UNWRITABLE, [database.schema]))\n',
    put: '  await database.query<Fault>(UNWRITABLE, [database.schema])\n',
    tests: [['tests/stores/postgres/schema/whole.test.ts', 'a role that may only read can look']]
  }
]
