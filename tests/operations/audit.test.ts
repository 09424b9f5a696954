import { describe, expect, test } from 'vitest'
import { stampOf } from '../../src/core/access/by.ts'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { newId } from '../../src/new-id.ts'
import { cancelling, deleting, doToMany, orderOfMany, retrying } from '../../src/operations/many-jobs.ts'
import { ScheduleWriter } from '../../src/operations/schedule-writer.ts'
import { failing, Lab, START, tampered } from '../runtime/lab.ts'

const MINUTE = 60_000
const secret = { iban: 'DE02120300000000202051' }
const load = task('load', { handler: () => Promise.reject(new Error('ebb')), maxAttempts: 1 })
const setUp = {
  tasks: [load],
  schedules: [schedule('loads', { task: load, trigger: every('1m'), payload: secret, overlap: 'allow' })]
}
const by = { actor: 'anna', role: 'operator', via: 'page', address: '192.0.2.7', reason: 'storm' } as const

const auditOf = (lab: Lab) =>
  [...lab.books.auditByAge.items].map(({ action, targetId, before, after, ...rest }) => ({
    ...rest,
    action,
    targetId,
    before: before && (JSON.parse(before) as unknown),
    after: after && (JSON.parse(after) as unknown)
  }))

async function started() {
  const lab = new Lab()
  const node = await lab.started(setUp)
  return { lab, node, operator: node.operator }
}

describe('the audit', () => {
  test('says who did what to a schedule, and what that changed', async () => {
    const { lab, operator } = await started()
    lab.clock.set(START + 1)
    await operator.pause('loads', { note: 'fog', by })
    await operator.resume('loads')
    const { jobId } = await operator.runNow('loads', { by })
    await operator.remove('loads', { forGood: true, by })
    const [paused, resumed, run, removed] = auditOf(lab)
    expect(paused).toMatchObject({ ...by, at: START + 1, action: 'schedule.pause', targetId: 'loads', outcome: 'done' })
    expect(paused).toMatchObject({
      before: { phase: 'active' },
      after: { phase: 'paused', phaseBy: 'operator', pauseNote: 'fog' }
    })
    expect(resumed).toMatchObject({ actor: 'code', via: 'code', role: undefined, action: 'schedule.resume' })
    expect(run).toMatchObject({ action: 'schedule.run', before: undefined, after: { jobId } })
    expect(removed).toMatchObject({ before: { phase: 'active' }, after: { phase: 'removed', phaseBy: 'for-good' } })
  })

  test('has nothing of what code declares, a scheduler decides and a worker does', async () => {
    const { lab, node } = await started()
    for (let minute = 1; minute <= 3; minute++) {
      lab.clock.set(START + minute * MINUTE)
      await node.tick()
      await node.work()
    }
    await node.enqueuer.enqueue(load, secret)
    await lab.started({ tasks: [load], schedules: [schedule('loads', { task: load, trigger: every('2m') })] })
    expect(lab.books.jobs.size).toBe(4)
    expect(auditOf(lab)).toEqual([])
  })

  test('has an entry for a reset, with the instant that it moved', async () => {
    const { lab, node, operator } = await started()
    lab.clock.set(START + 24 * 60 * MINUTE)
    await node.tick()
    lab.clock.set(START)
    await operator.reset('loads', { by })
    expect(auditOf(lab)).toMatchObject([
      { action: 'schedule.reset', before: { decidedUntil: '2026-01-02T00:00:00.000Z' } }
    ])
  })

  test('never shows a payload, only that there is another one', async () => {
    const { lab, node, operator } = await started()
    const { jobId } = await operator.runNow('loads')
    await operator.change(jobId, { payload: JSON.stringify(secret), priority: 3, runAt: START + 5 }, { by })
    const writer = new ScheduleWriter({ store: node.store, timezoneData: '2026a', nodeId: () => 'web', newId })
    const definition = { ...lab.books.schedules.get('loads')!.definition, payload: secret }
    await writer.put('harbour', [{ id: 'put', definition }], stampOf(by))
    const change = async () => ({ ...definition, payload: { iban: 'another' }, maxInstances: 7 })
    await writer.update('harbour', 'put', { change, stamp: stampOf(by) })
    const [, changed, put, updated] = auditOf(lab)
    expect(changed).toMatchObject({ before: { task: 'load', priority: 0, runAt: '2026-01-01T00:00:00.000Z' } })
    expect(changed).toMatchObject({ after: { isPayloadChanged: true, priority: 3, runAt: '2026-01-01T00:00:00.005Z' } })
    expect(put).toMatchObject({ action: 'schedule.put', before: undefined, after: { phase: 'active', task: 'load' } })
    expect(updated).toMatchObject({ action: 'schedule.update', before: { maxInstances: 1 } })
    expect(updated?.after).toEqual({ maxInstances: 7, isPayloadChanged: true })
    expect(JSON.stringify(auditOf(lab))).not.toMatch(/DE02|another/)
  })

  test('has nothing of a put that changes nothing, nor of what is refused', async () => {
    const { lab, node, operator } = await started()
    const writer = new ScheduleWriter({ store: node.store, timezoneData: '2026a', nodeId: () => 'web', newId })
    const { definition } = lab.books.schedules.get('loads')!
    await writer.put('harbour', [{ id: 'put', definition }])
    await writer.put('harbour', [
      { id: 'put', definition },
      { id: 'loads', definition }
    ])
    expect(auditOf(lab).map(({ targetId }) => targetId)).toEqual(['put'])
    await expect(operator.pause('nothing', { by })).rejects.toMatchObject({ code: 'schedule-unknown' })
    await expect(operator.retry('nothing', { by })).rejects.toMatchObject({ code: 'job-unknown' })
    expect(await operator.cancel('nothing', { by })).toBe('unknown')
    expect(auditOf(lab)).toHaveLength(1)
  })

  test('has one entry for a change that had to be tried again', async () => {
    const { lab, node, operator } = await started()
    const other = lab.node(setUp)
    const restore = tampered(node.store, 'readSchedules', read => async ids => {
      restore()
      const answer = await read(ids)
      await other.operator.runNow('loads')
      return answer
    })
    await operator.pause('loads', { by })
    expect(
      auditOf(lab)
        .map(({ action }) => action)
        .toSorted()
    ).toEqual(['schedule.pause', 'schedule.run'])
  })

  test('has nothing of a change that failed', async () => {
    const { lab, node, operator } = await started()
    failing(node.store, 'writeSchedules')
    await expect(operator.pause('loads', { by })).rejects.toThrow('writeSchedules failed')
    expect(auditOf(lab)).toEqual([])
  })
})

describe('the audit of jobs', () => {
  test('names each job that was cancelled, retried and deleted', async () => {
    const { lab, node, operator } = await started()
    const { id } = await node.enqueuer.enqueue(load, secret, { by })
    await node.work()
    await operator.retry(id, { by })
    await operator.cancel(id, { by })
    await operator.delete(id, { by })
    expect(auditOf(lab)).toMatchObject([
      { ...by, action: 'job.enqueue', targetId: id, after: { task: 'load', queue: 'default', priority: 0 } },
      { action: 'job.retry', before: { task: 'load', state: 'discarded' }, after: { state: 'available' } },
      { action: 'job.cancel', before: { task: 'load', state: 'available' }, after: { state: 'cancelled' } },
      { action: 'job.delete', before: { task: 'load', state: 'cancelled' }, after: undefined }
    ])
    expect(JSON.stringify(auditOf(lab))).not.toContain('DE02')
  })

  test('ties together what one call does to many', async () => {
    const { lab, node } = await started()
    for (let index = 0; index < 3; index++) await node.enqueuer.enqueue(load, index)
    const many = async (deed: typeof cancelling, state: 'available' | 'cancelled') =>
      (await doToMany(node, deed, orderOfMany(deed, { state }, { by }))).done
    expect(await many(cancelling, 'available')).toBe(3)
    expect(await many(retrying, 'cancelled')).toBe(3)
    expect(await many(cancelling, 'available')).toBe(3)
    expect(await many(deleting, 'cancelled')).toBe(3)
    const entries = auditOf(lab)
    expect(entries).toHaveLength(12)
    expect(entries.every(({ actor, reason }) => actor === 'anna' && reason === 'storm')).toBe(true)
    const bulks = Map.groupBy(entries, ({ bulkId }) => bulkId)
    expect([...bulks.keys()].every(bulkId => bulkId !== undefined)).toBe(true)
    expect([...bulks.values()].map(each => each.map(({ action }) => action))).toEqual(
      ['job.cancel', 'job.retry', 'job.cancel', 'job.delete'].map(action => Array.from({ length: 3 }, () => action))
    )
  })
})
