import { expect, test } from 'vitest'
import { systemClock } from '../../src/clock/system.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { incident } from '../core/alerts/sights.ts'
import { runCli, runJson } from './run-cli.ts'
import { writeBooks } from './written-books.ts'

interface Listed {
  readonly incidents: readonly { readonly id: string; readonly acknowledgedBy: string | null }[]
}

test('escapement incidents: lists what is open, acknowledges it under a name, and refuses what is not there', async () => {
  const { url, file } = await writeBooks()
  const store = await openSqliteStore({ file, clock: systemClock })
  await store.reportIncident(incident({ id: 'the-incident', rule: 'error', subject: 'a loop' }))
  await store.close()
  const books = ['--database', url]
  const list = async (): Promise<Listed> => (await runJson<Listed>(['incidents', 'list', ...books])).answer
  expect((await list()).incidents).toMatchObject([{ id: 'the-incident', acknowledgedBy: null }])
  const seen = ['incidents', 'acknowledge', 'the-incident', '--reason', 'the bank is told', ...books]
  expect(await runCli(seen, { env: { USER: 'anna' } })).toMatchObject({ status: 0 })
  expect((await list()).incidents[0]?.acknowledgedBy).toMatch(/^anna@/)
  const { stdout } = await runCli(['audit', 'list', '--kind', 'incident', ...books])
  expect(stdout).toContain('the bank is told')
  const unknown = await runCli(['incidents', 'acknowledge', 'another', ...books])
  expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('no open incident')])
})
