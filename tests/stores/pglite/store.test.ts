import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openPgliteStore } from '../../../src/stores/pglite/store.ts'
import { Turn } from '../../../src/stores/pglite/turn.ts'
import { createEscapement, task } from '../../../src/index.ts'
import { newJob } from '../../conformance/fixtures.ts'
import { removeFolder } from '../../remove-folder.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) removeFolder(folder)
})

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-pglite-'))
  folders.push(folder)
  return join(folder, 'books')
}

test('books in a folder are there again', async () => {
  const folder = freshFolder()
  const store = await openPgliteStore({ folder })
  await store.enqueue([newJob()])
  await store.close()
  const again = await openPgliteStore({ folder })
  expect(again.id).toBe(store.id)
  expect(await again.readJob(newJob().id)).toMatchObject({ task: 'report' })
  await again.close()
})

test('books that are opened while they are being closed are opened after that', async () => {
  const folder = freshFolder()
  const store = await openPgliteStore({ folder })
  await store.enqueue([newJob()])
  const closed = store.close()
  const again = await openPgliteStore({ folder })
  await closed
  expect(await again.readJob(newJob().id)).toMatchObject({ task: 'report' })
  await again.close()
})

test('an app runs its jobs on them, each in a transaction of its own', async () => {
  const { promise: done, resolve } = Promise.withResolvers<unknown>()
  const greet = task('greet', {
    handler: async ({ transaction }) => {
      await transaction(async tx => {
        const { rows } = await tx.query('SELECT 6 * 7 AS answer')
        resolve(rows)
      })
    }
  })
  const escapement = createEscapement({ database: 'pglite:', tasks: [greet], logger: false })
  await escapement.start()
  await escapement.enqueue(greet, {})
  expect(await done).toEqual([{ answer: 42 }])
  await escapement.stop()
})

test('whoever waits for a turn for too long is told so, and the others still have theirs', async () => {
  const turn = new Turn()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const first = turn.take(1_000, () => ended)
  await expect(turn.take(10, async () => 'never')).rejects.toMatchObject({ code: 'store-busy' })
  const third = turn.take(60_000, async () => 'third')
  end()
  await first
  expect(await third).toBe('third')
})
