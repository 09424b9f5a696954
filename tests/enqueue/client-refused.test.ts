import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, task } from '../../src/index.ts'
import { removeFolder } from '../remove-folder.ts'

test('books in a file are not written through a connection of the app’s, and say so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-client-'))
  const file = join(folder, 'books.db')
  const load = task('load', { handler: () => undefined })
  const app = createEscapement({ database: `sqlite:${file}`, tasks: [load], logger: false })
  const client = new DatabaseSync(join(folder, 'own.db'))
  onTestFinished(async () => {
    await app.stop()
    client.close()
    removeFolder(folder)
  })
  // What a user without types would hand over.
  const options = { client: client as never }
  await expect(app.enqueue(load, 1, options)).rejects.toMatchObject({
    code: 'client-invalid',
    message: expect.stringContaining('books in sqlite take none') as string
  })
  expect(await app.queues.list()).toEqual([])
})
