import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { every, schedule, task } from '../../src/index.ts'
import { openSqliteStore, type SqliteStore } from '../../src/sqlite.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { ManualNode } from '../../src/testing/manual-node.ts'
import { idSequence } from '../../src/testing/ids.ts'
import { START } from '../runtime/lab.ts'
import { freshFolder } from '../stores/sqlite/folder.ts'
import { blocksOf } from './blocks.ts'

const HOUR = 3_600_000

async function copied(from: string, to: string, how: 'file' | 'vacuum' | 'backup'): Promise<void> {
  if (how === 'file') return copyFileSync(from, to)
  const database = new DatabaseSync(from)
  if (how === 'vacuum') database.exec(`VACUUM INTO '${to}'`)
  else await backup(database, to)
  database.close()
}

/** An app of one hourly schedule, and what its handlers were told, on books in a file. */
async function working(file: string, clock: ManualClock) {
  const ran: { key: string; fence: number }[] = []
  const report = task('report', {
    handler: ({ idempotencyKey, fence }) => void ran.push({ key: idempotencyKey, fence })
  })
  const store: SqliteStore = await openSqliteStore({ file, clock })
  const schedules = [schedule('hourly', { task: report, trigger: every('1h') })]
  const node = new ManualNode({
    clock,
    store,
    tasks: [report],
    schedules,
    newId: idSequence(Math.floor(clock.now() / HOUR))
  })
  await node.start()
  const end = async (): Promise<void> => {
    await node.stop()
    await store.close()
  }
  return { node, report, store, ran, end }
}

test.each(['file', 'vacuum', 'backup'] as const)('a copy by %s of books that are open', async how => {
  const folder = freshFolder()
  const [file, copy] = [join(folder, 'app.db'), join(folder, 'copy.db')]
  const clock = new ManualClock(START)
  const app = await working(file, clock)
  const { id } = await app.node.enqueuer.enqueue(app.report, null)
  await copied(file, copy, how)
  await app.end()
  const restored = await openSqliteStore({ file: copy, clock })
  // The newest commits are in the file beside it.
  expect((await restored.readJob(id)) !== undefined).toBe(how !== 'file')
  await restored.close()
})

test('after a restore what was done since is done again, under the same keys, and fences can be raised', async () => {
  const folder = freshFolder()
  const [file, copy] = [join(folder, 'app.db'), join(folder, 'copy.db')]
  const clock = new ManualClock(START)
  const before = await working(file, clock)
  const waiting = await before.node.enqueuer.enqueue(before.report, null, { runAt: START + HOUR })
  await copied(file, copy, 'vacuum')
  const later = await before.node.enqueuer.enqueue(before.report, null, { runAt: START + 9 * HOUR })
  clock.set(START + 2 * HOUR)
  for (let fires = 0; fires < 3; fires++) await before.node.tick()
  await before.node.work()
  await before.end()
  const fired = before.ran.filter(({ key }) => key.includes('hourly'))
  expect(before.ran.length).toBeGreaterThan(1)

  copyFileSync(copy, file)
  for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true })
  const [postgres, sqlite] = blocksOf('backups.md')
  expect([postgres?.name, sqlite?.name]).toEqual(['fences-postgres', 'fences-sqlite'])
  const database = new DatabaseSync(file)
  database.exec(sqlite!.text)
  database.close()
  const after = await working(file, clock)
  // The books were left at an earlier time, so that a node first makes sure of the clock.
  for (let passedMs = 0; passedMs <= 30_000; passedMs += 5_000) {
    clock.set(START + 2 * HOUR + passedMs)
    await after.node.renew()
    await after.node.tick()
  }
  await after.node.work()
  const keys = (ran: typeof after.ran) => ran.map(({ key }) => key).toSorted()
  expect(keys(after.ran)).toEqual(keys(before.ran))
  expect(fired).not.toEqual([])
  expect(keys(after.ran)).toContain(`${after.store.id}:${waiting.id}`)
  expect(await after.store.readJob(later.id)).toBeUndefined()
  const highest = Math.max(...before.ran.map(({ fence }) => fence))
  expect(Math.min(...after.ran.map(({ fence }) => fence))).toBeGreaterThan(highest)
  await after.end()
})
