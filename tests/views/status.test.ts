import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { OVERDUE_AFTER_MS } from '../../src/core/schedule/overdue.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { overdueSchedules } from '../../src/views/overdue.ts'
import { readPulse, readStatus } from '../../src/views/status.ts'
import { areInOrder, verifyBooks } from '../../src/views/verification.ts'
import { Lab, START } from '../runtime/lab.ts'

const mail = task('mail', { handler: () => undefined })
const schedules = [schedule('minutely', { task: mail, trigger: every('1m') })]

describe('overdue is one thing, whoever says it', () => {
  test.each([
    [0, false],
    [1, true]
  ])('%i ms beyond the limit: %s', async (beyondMs, isOverdue) => {
    const lab = new Lab()
    await lab.started({ schedules })
    const store = lab.store()
    lab.clock.set(START + 60_000 + OVERDUE_AFTER_MS + beyondMs)
    const said = {
      pulse: (await readPulse(store)).isOverdue,
      status: (await readStatus(store)).schedules.overdue > 0,
      doctor: (await overdueSchedules(store)).overdue.length > 0,
      verify: !areInOrder(await verifyBooks(store, { from: undefined, to: undefined }))
    }
    expect(said).toEqual({ pulse: isOverdue, status: isOverdue, doctor: isOverdue, verify: isOverdue })
  })
})

test('the status begins with the pulse, and counts', async () => {
  const lab = new Lab()
  const node = await lab.started({ schedules })
  const store = lab.store()
  await node.operator.pause('minutely')
  const status = await readStatus(store)
  expect(status).toMatchObject(await readPulse(store))
  expect(status).toMatchObject({
    schedulers: 1,
    nextFireAt: undefined,
    schedules: { active: 0, paused: 1, ended: 0, orphaned: 0, overdue: 0, ahead: 0 },
    unknownTasks: []
  })
})
