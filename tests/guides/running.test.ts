import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Escapement } from '../../src/index.ts'
import { blocksOf, textOf, writePrograms } from './blocks.ts'

test('the handler of the guide decides and runs what is due, for the timer alone', async () => {
  const folder = writePrograms(blocksOf('running.md'))
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', `sqlite:${join(folder, 'books.db')}`)
  vi.stubEnv('ESCAPEMENT_LOG_LEVEL', 'silent')
  vi.stubEnv('CRON_SECRET', 'of the timer')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { app, GET } = (await import(join(folder, 'tick.ts'))) as {
    app: Escapement
    GET: (request: Request) => Promise<Response>
  }
  onTestFinished(() => app.stop())
  const asked = (secret: string) =>
    GET(new Request('http://app.example/tick', { headers: { authorization: `Bearer ${secret}` } }))
  expect((await asked('nobody')).status).toBe(401)
  expect(await (await asked('of the timer')).json()).toEqual({ ran: 0, isDone: true })
  await app.schedules.runNow('report')
  expect(await (await asked('of the timer')).json()).toEqual({ ran: 1, isDone: true })
  expect((await app.jobs.list()).items).toMatchObject([{ state: 'completed', result: 'by hand' }])
})

test('the settings of the guide for TypeScript are JSON', () => {
  const settings = /^ {4}({ "compilerOptions".*?} })$/ms.exec(textOf('docs/guides/running.md'))?.[1] ?? ''
  expect(JSON.parse(settings)).toMatchObject({ compilerOptions: { module: 'nodenext', erasableSyntaxOnly: true } })
})
