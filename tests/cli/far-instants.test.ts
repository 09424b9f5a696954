import { describe, expect, test } from 'vitest'
import { runCli, runJson } from './run-cli.ts'
import { writeBooks } from './written-books.ts'

describe('an instant that no calendar has', () => {
  test('in the books is shown as the number that it is, and hides nothing else', async () => {
    const { url, tamper } = await writeBooks()
    tamper(`UPDATE escapement_job SET run_at = 9000000000000000, fire_at = 9000000000000000`)
    tamper(`UPDATE escapement_schedule SET next_fire_at = 9000000000000000`)
    const { status, stdout } = await runCli(['jobs', 'list', '--database', url])
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('9000000000000000 ms') as string })
    const listed = await runJson<{ jobs: { runAt: string }[] }>(['jobs', 'list', '--database', url])
    expect(listed.answer.jobs[0]).toMatchObject({ runAt: '9000000000000000 ms' })
    for (const command of [['schedules', 'list'], ['status']])
      expect(await runCli([...command, '--database', url])).toMatchObject({ stderr: '' })
  })

  test.each([
    ['--run-at', '10000-01-01T00:00:00Z'],
    ['--run-at', '1969-12-31T23:59:59Z'],
    ['--delay', '280000w'],
    ['--delay', '9000000000000000']
  ])('is refused: %s %s', async (name, value) => {
    const refused = await runCli(['enqueue', 'mail', name, value, '--database', 'sqlite::memory:'])
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining(value) as string })
  })
})
