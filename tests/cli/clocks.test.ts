import { expect, test } from 'vitest'
import { runCli, runJson } from './run-cli.ts'
import { writeBooks } from './written-books.ts'

const AHEAD_MS = 30 * 86_400_000

/** Books that were decided until a month ahead of now, as by a clock that ran ahead. */
async function booksAhead(): Promise<readonly string[]> {
  const { url, tamper } = await writeBooks()
  tamper(`UPDATE escapement_schedule SET decided_until = ${Date.now() + AHEAD_MS}, next_fire_at = NULL`)
  return ['--database', url]
}

const PATIENT = { timeout: 120_000 }

test('status, doctor and verify name what was decided ahead of now', PATIENT, async () => {
  const database = await booksAhead()
  expect((await runCli(['status', ...database])).stdout).toContain('1 decided ahead of now')
  const doctor = await runJson<{ findings: { check: string; what: string }[] }>(['doctor', ...database])
  expect(doctor.answer.findings).toContainEqual(
    expect.objectContaining({ check: 'schedules-ahead', fix: expect.stringContaining('schedules reset daily') })
  )
  const before = await runJson<object>(['verify', ...database])
  expect(before).toMatchObject({ status: 1, answer: { ok: false, schedules: [{ missing: 0, double: 0 }] } })
})

test('reset takes it back', PATIENT, async () => {
  const database = await booksAhead()
  const reset = await runJson<{ nextFireAt: string }>(['schedules', 'reset', 'daily', ...database])
  expect(reset).toMatchObject({ status: 0, answer: { scheduleId: 'daily', undecided: 0, stayFired: 0 } })
  expect(Date.parse(reset.answer.nextFireAt)).toBeLessThan(Date.now() + 86_400_000)
  expect(await runJson<object>(['verify', ...database])).toMatchObject({ status: 0, answer: { ok: true } })
  expect((await runJson<object>(['status', ...database])).answer).toMatchObject({ schedules: { ahead: 0 } })
})

test('reset of one that is not there', PATIENT, async () => {
  expect(await runCli(['schedules', 'reset', 'nothing', ...(await booksAhead())])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no schedule with the id "nothing"')
  })
})
