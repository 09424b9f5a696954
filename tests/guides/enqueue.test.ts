import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Escapement } from '../../src/index.ts'
import { blocksOf, writePrograms } from './blocks.ts'

test('the programs of the guide to enqueueing do what it says', async () => {
  const programs = blocksOf('enqueue.md')
  expect(programs.map(({ name }) => name)).toEqual([
    'app.ts',
    'one.ts',
    'typed.ts',
    'registry.ts',
    'result.ts',
    'many.ts',
    'unique.ts'
  ])
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
  const { items } = await app.jobs.list()
  expect(items).toMatchObject([
    { payload: { to: 'cyd' }, state: 'scheduled', runAt: new Date('2030-01-01T09:00:00Z') },
    { payload: { to: 'bob' }, state: 'scheduled', priority: -5, queue: 'slow' },
    { payload: { to: 'ann' }, state: 'available' }
  ])
  await import(join(folder, 'result.ts'))
  expect(logged.mock.calls.slice(-2)).toEqual([['timeout'], ['string']])
  await import(join(folder, 'unique.ts'))
  expect(logged.mock.lastCall).toEqual(['replaced', true])
  await import(join(folder, 'many.ts'))
  expect(logged.mock.lastCall).toEqual([25_000])
})
