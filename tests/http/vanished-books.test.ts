import { mkdtempSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EventMap, EventName } from '../../src/core/events.ts'
import { createEscapement, type Escapement, task } from '../../src/index.ts'
import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { removeFolder } from '../remove-folder.ts'

const load = task('load', { handler: () => undefined })

async function started(): Promise<{ app: Escapement; file: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-vanished-'))
  const file = join(folder, 'books.db')
  const app = createEscapement({ database: `sqlite:${file}`, tasks: [load], logger: false })
  onTestFinished(async () => {
    await app.stop()
    removeFolder(folder)
  })
  await app.start()
  return { app, file }
}

const eventOf = <Name extends EventName>(app: Escapement, name: Name): Promise<EventMap[Name]> =>
  new Promise(resolve => {
    const end = app.on(name, event => {
      end()
      resolve(event)
    })
  })

const health = async (app: Escapement, check = 'basic'): Promise<number> =>
  (await app.fetch(new Request(`http://localhost/api/v1/health/${check}`))).status

test('a node whose file was renamed says so, is not healthy, and goes on by itself when it is back', async () => {
  const { app, file } = await started()
  expect(await health(app)).toBe(200)
  const failed = eventOf(app, 'loop.failed')
  renameSync(file, `${file}.old`)
  expect((await failed).error).toMatchObject({
    code: 'store-unavailable',
    message: expect.stringContaining('is no longer there') as string
  })
  expect([await health(app), await health(app, 'ready'), await health(app, 'live')]).toEqual([503, 503, 200])
  await expect(app.enqueue(load, null)).rejects.toMatchObject({ code: 'store-unavailable' })
  const completed = eventOf(app, 'job.completed')
  renameSync(`${file}.old`, file)
  await app.enqueue(load, null)
  await completed
  expect(await health(app)).toBe(200)
})

test('a node whose books were emptied is not healthy', async () => {
  const { app, file } = await started()
  const database = openDriver(file)
  database.exec('DELETE FROM escapement_store')
  database.close()
  expect(await health(app)).toBe(503)
})
