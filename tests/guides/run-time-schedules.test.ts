import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Escapement } from '../../src/index.ts'
import { blocksOf, writePrograms } from './blocks.ts'

interface Customer {
  readonly id: number
  readonly hour: number
  readonly minute: number
  readonly timezone: string
}

test('the programs of the guide to schedules at run time do what it says', async () => {
  const programs = blocksOf('run-time-schedules.md')
  expect(programs.map(({ name }) => name)).toEqual(['app.ts', 'one.ts', 'many.ts', 'fan-out.ts'])
  const folder = writePrograms(programs)
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', `sqlite:${join(folder, 'books.db')}`)
  const logged = vi.spyOn(console, 'log').mockReturnValue(undefined)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })
  const { app } = (await import(join(folder, 'app.ts'))) as { app: Escapement }
  onTestFinished(() => app.stop())
  await import(join(folder, 'one.ts'))
  expect(logged.mock.lastCall).toEqual(['created', expect.stringMatching(/T22:(3|4)\d:/)])
  expect(await app.schedules.list()).toEqual([])
  expect((await app.jobs.list()).items).toMatchObject([{ scheduleId: 'digest-17', priority: 10, origin: 'manual' }])
  const { putAll } = (await import(join(folder, 'many.ts'))) as { putAll: (all: Customer[]) => Promise<number> }
  const customers = Array.from({ length: 2_500 }, (_, id) => ({ id, hour: 8, minute: 0, timezone: 'Europe/Berlin' }))
  expect(await putAll(customers)).toBe(2_500)
  expect(await putAll(customers)).toBe(0)
  const times = new Set((await app.schedules.list()).map(({ nextFireAt }) => nextFireAt!.getTime()))
  expect(times.size).toBeGreaterThan(2_000)
})

test('the fan-out of the guide enqueues a job for each customer, once', async () => {
  const folder = writePrograms(blocksOf('run-time-schedules.md'))
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', `sqlite:${join(folder, 'books.db')}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { app } = (await import(join(folder, 'app.ts'))) as { app: Escapement }
  const { worker } = (await import(join(folder, 'fan-out.ts'))) as { worker: Escapement }
  onTestFinished(async () => {
    await worker.stop()
    await app.stop()
  })
  const digested = Promise.withResolvers<void>()
  worker.on('job.completed', ({ task }) => void (task === 'digest' && digested.resolve()))
  await worker.start()
  await worker.schedules.runNow('fan-out')
  await digested.promise
  expect((await app.jobs.list({ task: 'digest' })).items).toHaveLength(1)
})
