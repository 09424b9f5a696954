import { describe, expect, test } from 'vitest'
import { every } from '../../../src/index.ts'
import { appOf, mail } from './run-time-app.ts'

const by = { actor: 'anna', via: 'page', role: 'operator', reason: 'storm' } as const
const put = { task: 'mail', trigger: every('1h') }

describe('escapement.audit', () => {
  test('has who changed what, by every call that changes something', async () => {
    const app = appOf()
    await app.schedules.put('digest', put, { by })
    await app.schedules.putMany([{ id: 'weekly', ...put }], { by })
    await app.schedules.update('digest', { priority: 3 }, { by })
    await app.schedules.pause('digest', { by, note: 'fog' })
    await app.schedules.resume('digest', { by })
    const { jobId } = await app.schedules.runNow('digest', { by })
    await app.jobs.update(jobId, { priority: 9 }, { by })
    await app.jobs.cancel(jobId, { by })
    await app.jobs.retry(jobId, { by })
    await app.jobs.cancelMany({ task: 'mail' }, { by })
    await app.jobs.retryMany({ state: 'cancelled' }, { by })
    await app.jobs.cancel(jobId, { by })
    await app.jobs.delete(jobId, { by })
    await app.schedules.reset('digest', { by })
    await app.schedules.remove('digest', { by })
    await app.queues.pause('letters', { by })
    await app.queues.resume('letters', { by })
    const { id } = await app.enqueue(mail, 1, { by })
    await app.jobs.cancel(id, { by })
    await app.jobs.deleteMany({ state: 'cancelled' }, { by })
    const { items } = await app.audit.list()
    expect(new Set(items.map(({ action }) => action))).toEqual(
      new Set([
        'schedule.put',
        'schedule.update',
        'schedule.pause',
        'schedule.resume',
        'schedule.run',
        'schedule.remove',
        'job.enqueue',
        'job.update',
        'job.cancel',
        'job.retry',
        'job.delete',
        'queue.pause',
        'queue.resume'
      ])
    )
    for (const entry of items) expect(entry).toMatchObject(by)
    expect(items.every(({ at }) => at instanceof Date)).toBe(true)
    expect((await app.audit.list({ action: 'schedule.pause' })).items).toMatchObject([
      { before: { phase: 'active' }, after: { phase: 'paused', pauseNote: 'fog' } }
    ])
  })

  test('names the code where nobody is named, and nothing of what it enqueues', async () => {
    const app = appOf()
    await app.enqueue(mail, 1)
    await app.enqueueMany(mail, [1, 2])
    expect((await app.audit.list()).items).toEqual([])
    await app.schedules.put('digest', put)
    expect((await app.audit.list()).items).toMatchObject([{ actor: 'code', via: 'code', targetId: 'digest' }])
  })

  test('is read whole, one page after the other', async () => {
    const app = appOf()
    await app.schedules.putMany(Array.from({ length: 1_200 }, (_, index) => ({ id: `s-${index}`, ...put })))
    await app.queues.pause('letters')
    const ids = new Set<string>()
    let bulks = new Set<string | undefined>()
    for await (const { targetId, bulkId } of app.audit.all({ action: 'schedule.put', from: new Date(0) })) {
      ids.add(targetId)
      bulks = bulks.add(bulkId)
    }
    expect([ids.size, bulks.size, bulks.has(undefined)]).toEqual([1_200, 1, false])
  })

  test('refuses what is wrong, before anything is changed', async () => {
    const app = appOf()
    const wrong = { by: { actor: '' } }
    const isRefused = { code: 'options-invalid' }
    for (const call of [
      () => app.schedules.put('digest', put, wrong),
      () => app.schedules.pause('digest', wrong),
      () => app.jobs.cancel('digest', wrong),
      () => app.jobs.cancelMany({ task: 'mail' }, wrong),
      () => app.queues.pause('letters', wrong),
      () => app.enqueue(mail, 1, wrong),
      () => app.enqueue(mail, 1, { by, client: { query: async () => ({ rows: [] }) } }),
      () => app.audit.list({ actors: 'anna' } as object),
      () => app.audit.list({ action: 'schedule.stop' as 'schedule.pause' }),
      () => app.audit.list({}, { limit: 0 })
    ])
      await expect(call()).rejects.toMatchObject(isRefused)
    expect(() => app.audit.all({ actors: 'anna' } as object)).toThrow('actors')
    expect((await app.audit.list()).items).toEqual([])
    expect(await app.schedules.list()).toEqual([])
  })
})
