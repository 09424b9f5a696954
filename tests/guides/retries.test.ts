import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { AnyTask, Task } from '../../src/index.ts'
import { heard, Lab, START } from '../runtime/lab.ts'
import { blocksOf, writePrograms } from './blocks.ts'

test('the tasks of the guide to retries do what it says', async () => {
  const programs = blocksOf('retries.md')
  expect(programs.map(({ name }) => name)).toEqual(['retries.ts'])
  const file = join(writePrograms(programs), 'retries.ts')
  const tasks = (await import(file)) as Record<'mail' | 'ships' | 'rates' | 'invoice', Task> & {
    app: { stop(): Promise<void> }
  }
  onTestFinished(() => tasks.app.stop())
  const lab = new Lab()
  const list: AnyTask[] = [tasks.mail, tasks.ships, tasks.rates, tasks.invoice]
  const node = await lab.started({ tasks: list })
  const snoozed = heard(node.events, 'job.snoozed')
  const ids: string[] = []
  for (const task of list) ids.push((await node.enqueuer.enqueue(task, null)).id)
  await node.work()
  expect(ids.map(id => lab.job(id))).toMatchObject([
    { state: 'completed', maxAttempts: 5 },
    { state: 'discarded', failures: 1, errors: [{ message: 'no such ship' }] },
    { state: 'retryable', failures: 1, runAt: START + 120_000 },
    { state: 'scheduled', failures: 0, snoozes: 1, runAt: START + 600_000 }
  ])
  expect(snoozed).toMatchObject([{ task: 'invoice', runAt: new Date(START + 600_000) }])
})
