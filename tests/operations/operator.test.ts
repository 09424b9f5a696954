import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { Lab, START, tampered } from '../runtime/lab.ts'

const MINUTE = 60_000
const load = task('load', { handler: () => undefined })
const setUp = { tasks: [load], schedules: [schedule('loads', { task: load, trigger: every('1m') })] }
const outcomes = (lab: Lab): string[] => (lab.books.ledgers.get('loads')?.items ?? []).map(row => row.outcome)

describe('an operator', () => {
  test('pauses: nothing fires after it, the jobs created before still run, a resume writes the range', async () => {
    const lab = new Lab()
    const node = await lab.started(setUp)
    lab.clock.set(START + MINUTE)
    await node.operator.pause('loads')
    expect(outcomes(lab)).toEqual(['fired'])
    await node.work()
    expect(lab.onlyJob.state).toBe('completed')
    lab.clock.set(START + 5 * MINUTE)
    await node.tick()
    expect(lab.books.jobs.size).toBe(1)
    await node.operator.resume('loads')
    expect(outcomes(lab)).toEqual(['fired', 'paused'])
    lab.clock.set(START + 6 * MINUTE)
    await node.tick()
    expect(outcomes(lab)).toEqual(['fired', 'paused', 'fired'])
  })

  test('reads anew when somebody else has written meanwhile', async () => {
    const lab = new Lab()
    const [one, other] = [await lab.started(setUp), await lab.started(setUp)]
    lab.clock.set(START + MINUTE)
    const restore = tampered(one.store, 'readSchedules', read => async ids => {
      restore()
      const answer = await read(ids)
      await other.tick()
      return answer
    })
    const state = await one.operator.pause('loads')
    expect(state).toMatchObject({ phase: 'paused', fires: 1 })
    expect(outcomes(lab)).toEqual(['fired'])
  })

  test('gives up when a schedule changes without end', async () => {
    const lab = new Lab()
    const node = await lab.started(setUp)
    tampered(node.store, 'writeSchedules', () => async () => ['conflict'])
    await expect(node.operator.pause('loads')).rejects.toMatchObject({ code: 'store-busy' })
  })

  test('runs now, within maxInstances', async () => {
    const lab = new Lab()
    const node = await lab.started(setUp)
    const { jobId } = await node.operator.runNow('loads')
    expect(lab.job(jobId)).toMatchObject({ origin: 'manual', state: 'available', fireAt: undefined })
    await expect(node.operator.runNow('loads')).rejects.toMatchObject({ code: 'schedule-overlapping' })
    await node.work()
    await node.operator.runNow('loads')
    expect(lab.books.jobs.size).toBe(2)
  })

  test('two that run now at once are one', async () => {
    const lab = new Lab()
    const [one, other] = [await lab.started(setUp), await lab.started(setUp)]
    const answers = await Promise.allSettled([one.operator.runNow('loads'), other.operator.runNow('loads')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(lab.books.jobs.size).toBe(1)
  })

  test('retries finished jobs only, and within maxInstances', async () => {
    const lab = new Lab()
    const node = await lab.started(setUp)
    const { jobId } = await node.operator.runNow('loads')
    await expect(node.operator.retry(jobId)).rejects.toMatchObject({ code: 'schedule-overlapping' })
    await node.work()
    const second = await node.operator.runNow('loads')
    await expect(node.operator.retry(jobId)).rejects.toMatchObject({ code: 'schedule-overlapping' })
    await node.work()
    await node.operator.retry(jobId)
    expect(lab.job(jobId).state).toBe('available')
    await expect(node.operator.runNow('loads')).rejects.toMatchObject({ code: 'schedule-overlapping' })
    expect(lab.job(second.jobId).state).toBe('completed')
  })

  test('removes: a tombstone that answers as unknown', async () => {
    const lab = new Lab()
    const node = await lab.started(setUp)
    await node.operator.remove('loads')
    await expect(node.operator.pause('loads')).rejects.toMatchObject({ code: 'schedule-unknown' })
    await expect(node.operator.runNow('loads')).rejects.toMatchObject({ code: 'schedule-unknown' })
    await expect(node.operator.retry('no-such-job')).rejects.toMatchObject({ code: 'job-unknown' })
  })
})
