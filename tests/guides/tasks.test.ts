import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, type Escapement, type Task } from '../../src/index.ts'
import { blocksOf, textOf, writePrograms } from './blocks.ts'

const src = join(import.meta.dirname, '../../src')

interface Bill extends Task<{ id: number; email: string }, { charged: string }> {}

function booksIn(folder: string): string {
  const url = `sqlite:${join(folder, 'books.db')}`
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', url)
  vi.stubEnv('ESCAPEMENT_LOG_LEVEL', 'silent')
  onTestFinished(() => void vi.unstubAllEnvs())
  return url
}

test('the handler of the guide bills, in two steps and with progress', async () => {
  const folder = writePrograms(blocksOf('tasks.md'))
  booksIn(folder)
  const { app, bill } = (await import(join(folder, 'tasks.ts'))) as { app: Escapement; bill: Bill }
  onTestFinished(() => app.stop())
  await app.start()
  const { id, result } = await app.enqueue(bill, { id: 7, email: 'ann@example.com' })
  const charged = expect.stringMatching(/^charge 7 under \d+ characters$/) as string
  expect(await result()).toEqual({ charged })
  expect(await app.jobs.get(id)).toMatchObject({ queue: 'billing', priority: -10, progress: { done: 1, of: 2 } })
})

test('the other handlers of the guide write with the completion, and end on the signal', async () => {
  const folder = writePrograms(blocksOf('tasks.md'))
  const database = booksIn(folder)
  const { arrive } = (await import(join(folder, 'arrivals.ts'))) as { arrive: Task<{ ship: string }> }
  const { scrape } = (await import(join(folder, 'signals.ts'))) as { scrape: Task<{ url: string }, number> }
  const asked = Promise.withResolvers<void>()
  const server = createServer(() => asked.resolve()).listen(0, '127.0.0.1')
  const app = createEscapement({ database, tasks: [arrive, scrape] })
  onTestFinished(async () => {
    await app.stop({ graceMs: 0 })
    server.closeAllConnections()
    server.close()
  })
  await app.start()
  const arrival = await app.enqueue(arrive, { ship: 'Ark' })
  expect(await arrival.result()).toEqual({ arrived: 'Ark' })
  const { id, result } = await app.enqueue(scrape, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  await asked.promise
  await app.jobs.cancel(id)
  await expect(result()).rejects.toMatchObject({ code: 'job-cancelled' })
})

/** The members of an interface, in the order of the source. */
function membersOf(file: string, name: string): string[] {
  const source = readFileSync(join(src, file), 'utf8')
  const body = new RegExp(`interface ${name}\\b[^{]*{\\n(.*?)\\n}`, 's').exec(source)?.[1] ?? ''
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member = '']) => member)
}

/** The names in the first column of the tables below a heading. */
function tabled(guide: string, heading: string): string[] {
  const section = textOf(`docs/guides/${guide}`).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name = '']) => name)
  )
}

test.each([
  ['tasks.md', 'Options of `task`', 'core/job/task.ts', 'TaskOptions', []],
  ['tasks.md', 'What a handler gets', 'core/job/handler.ts', 'HandlerContext', []],
  ['schedules.md', 'Options of `schedule`', 'core/schedule/declare.ts', 'CommonScheduleOptions', ['payload']]
])('%s has, below "%s", what there is', (guide, heading, file, name, more) => {
  const members = [...membersOf(file, name), ...more]
  expect(members.length).toBeGreaterThan(5)
  expect(tabled(guide, heading).toSorted()).toEqual(members.toSorted())
})
