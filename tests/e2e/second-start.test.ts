import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  createEscapement,
  type Escapement,
  every,
  type EventName,
  type Logger,
  schedule,
  task
} from '../../src/index.ts'
import { freshFolder } from './books-of-test.ts'

function heard(app: Escapement, name: EventName): Promise<void> {
  return new Promise(resolve => {
    const end = app.on(name, () => {
      end()
      resolve()
    })
  })
}

/** Keeps every line at the levels of info and above. */
function keepingLogger(lines: string[]): Logger {
  const keep = (_fields: object, message = ''): void => void lines.push(message)
  return { debug: () => undefined, info: keep, warn: keep, error: keep }
}

test('a second Escapement on the same books in one process hands its tasks and schedules to the running one', async () => {
  const database = `sqlite:${join(freshFolder(), 'books.db')}`
  const lines: string[] = []
  const logger = keepingLogger(lines)
  const runs: string[] = []
  const taskOf = (name: string, version: string) => task(name, { handler: () => void runs.push(version) })
  const scheduleOf = (id: string, of: ReturnType<typeof taskOf>) =>
    schedule(id, { task: of, trigger: every('52w', { start: '2020-01-01T00:00:00Z' }) })
  const [mail, newMail, report] = [
    taskOf('mail', 'mail of the first'),
    taskOf('mail', 'mail of the second'),
    taskOf('report', 'report of the second')
  ]
  const first = createEscapement({ database, logger, tasks: [mail], schedules: [scheduleOf('mails', mail)] })
  const second = createEscapement({
    database,
    logger,
    tasks: [newMail, report],
    schedules: [scheduleOf('mails', newMail), scheduleOf('reports', report)]
  })
  onTestFinished(async () => {
    await Promise.all([first.stop(), second.stop()])
  })
  await first.start()
  await second.start()

  const store = await first.store()
  expect((await store.listNodes()).map(({ phase }) => phase)).toEqual(['alive'])
  expect(lines.filter(line => line.includes('a second Escapement'))).toHaveLength(1)
  expect(lines.filter(line => line.startsWith('started with'))).toHaveLength(1)
  expect((await first.schedules.list()).map(({ id }) => id)).toEqual(['mails', 'reports'])

  for (const [asked, expected] of [
    [report, 'report of the second'],
    [mail, 'mail of the second']
  ] as const) {
    const completed = heard(first, 'job.completed')
    await second.enqueue(asked, null)
    await completed
    expect(runs.splice(0)).toEqual([expected])
  }

  await first.stop()
  const still = await second.store()
  expect((await still.listNodes()).map(({ phase }) => phase)).toEqual(['alive'])
  const stopped = heard(first, 'node.stopped')
  await second.stop()
  await stopped
})
