import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, type Escapement, type Task } from '../../src/index.ts'
import { redact } from '../../src/core/payload/redact.ts'
import { runCli } from '../cli/run-cli.ts'
import { blocksOf, writePrograms } from './blocks.ts'

interface Letter {
  readonly person: string
  readonly to: string
}

const sealed = { sealed: 'aes-per-person', isUnreadable: true }

test('a person whose key is destroyed is gone from jobs, steps, errors and backups, and nobody else is', async () => {
  const programs = blocksOf('personal-data.md')
  expect(programs.map(({ name }) => name)).toEqual(['keys.ts', 'app.ts', 'erase.ts', 'redact.ts'])
  const folder = writePrograms(programs)
  const url = `sqlite:${join(folder, 'books.db')}`
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', url)
  vi.stubEnv('KEYS_FILE', join(folder, 'keys.db'))
  vi.stubEnv('ESCAPEMENT_LOG_LEVEL', 'silent')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { app, letter } = (await import(join(folder, 'app.ts'))) as { app: Escapement; letter: Task<Letter> }
  const { erase } = (await import(join(folder, 'erase.ts'))) as { erase: (person: string) => Promise<number> }
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.start()
  const ann = await app.enqueue(letter, { person: 'p-1', to: 'ann@example.org' })
  const bob = await app.enqueue(letter, { person: 'p-2', to: 'bob@example.org' })
  const fails = await app.enqueue(letter, { person: 'p-1', to: 'ann@example.invalid' })
  const waits = await app.enqueue(letter, { person: 'p-1', to: 'ann@example.org' }, { delay: '1h' })
  expect(await ann.result()).toEqual({ sent: 'ann@example.org' })
  await bob.result()
  await expect(fails.result()).rejects.toMatchObject({ cause: { message: 'ann@example.invalid does not exist' } })
  const books = new DatabaseSync(join(folder, 'books.db'))
  books.exec(`VACUUM INTO '${join(folder, 'backup.db')}'`)
  books.close()
  const inFiles = readdirSync(folder).filter(name => /books|backup/.test(name))
  for (const name of inFiles) expect(readFileSync(join(folder, name), 'latin1')).not.toMatch(/@example/)

  expect(await erase('p-1')).toBe(1)
  expect((await app.jobs.get(waits.id))?.state).toBe('cancelled')
  expect(await app.jobs.get(ann.id)).toMatchObject({ payload: sealed, result: sealed })
  expect((await app.jobs.get(fails.id))?.errors).toMatchObject([{ sealed: 'aes-per-person' }])
  expect(await app.jobs.get(bob.id)).toMatchObject({ payload: { to: 'bob@example.org' } })
  await expect(app.enqueue(letter, { person: 'p-1', to: 'ann@example.org' })).rejects.toMatchObject({
    code: 'codec-failed'
  })
  const backup = createEscapement({ database: `sqlite:${join(folder, 'backup.db')}`, tasks: [letter], logger: false })
  onTestFinished(() => backup.stop())
  expect(await backup.jobs.get(ann.id)).toMatchObject({ payload: sealed, result: sealed })
  expect(await backup.jobs.get(bob.id)).toMatchObject({ result: { sent: 'bob@example.org' } })
  const { stdout } = await runCli(['jobs', 'list', '--json', '--database', url])
  expect(stdout).toContain('"sealed": "aes-per-person"')
  expect(stdout).not.toMatch(/@example/)
})

test('the paths of the guide hide what it says', async () => {
  const folder = writePrograms(blocksOf('personal-data.md'))
  const { pay } = (await import(join(folder, 'redact.ts'))) as { pay: Task }
  const order = { id: 1, card: { number: '4111' }, items: [{ name: 'tea', iban: 'DE1' }] }
  expect(redact(order, pay.redact ?? [])).toEqual({
    id: 1,
    card: { number: '[redacted]' },
    items: [{ name: 'tea', iban: '[redacted]' }]
  })
})
