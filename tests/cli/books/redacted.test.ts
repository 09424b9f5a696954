import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createEscapement, every, schedule, task } from '../../../src/index.ts'
import { cipher } from '../../runtime/attempts/cipher.ts'
import { emptyFolder, runCli, runJson } from '../run-cli.ts'

const card = { card: { number: '4111-1111' } }
const hidden = { card: { number: '[redacted]' } }

/** Books of an app whose tasks the command line does not know, since it has no config. */
async function books(): Promise<{ url: string; ids: Readonly<Record<'done' | 'waiting' | 'sealed', string>> }> {
  const url = `sqlite:${join(emptyFolder(), 'app.db')}`
  const pay = task('pay', {
    redact: ['card.number'],
    handler: async ({ payload, step }) => {
      await step('one', () => payload)
      return payload
    }
  })
  const mail = task('mail', {
    codec: cipher('aes'),
    maxAttempts: 1,
    handler: () => {
      throw new Error('no ann@')
    }
  })
  const schedules = [
    schedule('pays', { task: pay, trigger: every('1d'), payload: card }),
    schedule('mails', { task: mail, trigger: every('1d'), payload: { to: 'ann@' } })
  ]
  const app = createEscapement({ database: url, tasks: [pay, mail], schedules, logger: false })
  await app.start()
  const done = await app.enqueue(pay, card)
  await done.result()
  const waiting = await app.enqueue(pay, card, { delay: '1h' })
  const sealed = await app.enqueue(mail, { to: 'ann@' })
  await expect(sealed.result()).rejects.toMatchObject({ code: 'job-failed' })
  await app.stop()
  return { url, ids: { done: done.id, waiting: waiting.id, sealed: sealed.id } }
}

test('the command line shows nothing of what is redacted or sealed, and an export only what has to run', async () => {
  const { url, ids } = await books()
  const show = (id: string) => runJson<object>(['jobs', 'show', id, '--database', url])
  expect((await show(ids.done)).answer).toMatchObject({ payload: hidden, result: hidden })
  expect((await show(ids.sealed)).answer).toMatchObject({
    payload: { sealed: 'aes' },
    errors: [{ message: 'Sealed by the codec "aes".', sealed: 'aes' }]
  })
  for (const command of [
    ['jobs', 'show', ids.done],
    ['jobs', 'list', '--json'],
    ['schedules', 'show', 'pays'],
    ['schedules', 'show', 'mails']
  ]) {
    const { stdout, status } = await runCli([...command, '--database', url])
    expect(status).toBe(0)
    expect(stdout).not.toMatch(/4111|ann@/)
  }
  const file = join(emptyFolder(), 'books.jsonl')
  expect((await runCli(['export', '--database', url, '--file', file])).status).toBe(0)
  const lines = readFileSync(file, 'utf8').split('\n')
  expect(lines.join('')).not.toContain('ann@')
  const whole = lines.filter(line => line.includes('4111')).map(line => JSON.parse(line) as Record<string, object>)
  expect(whole.map(({ kind, record }) => [kind, (record as { id?: string }).id])).toEqual([
    ['job', ids.waiting],
    ['timeline', undefined],
    ['schedule', 'pays']
  ])
  expect(lines.filter(line => line.includes('"step"')).join('')).toContain('[redacted]')

  const target = `sqlite:${join(emptyFolder(), 'target.db')}`
  expect(await runCli(['import', '--database', target, '--file', file])).toMatchObject({ status: 0 })
  const moved = await runJson<object>(['jobs', 'show', ids.waiting, '--database', target])
  expect(moved.answer).toMatchObject({ payload: hidden })
  const retried = await runCli(['jobs', 'retry', ids.done, '--database', target])
  expect(retried).toMatchObject({
    status: expect.toSatisfy(status => status !== 0),
    stderr: expect.stringContaining('export')
  })
})
