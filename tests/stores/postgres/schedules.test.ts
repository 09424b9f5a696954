import { describe, expect, test } from 'vitest'

import type { ScheduleState } from '../../../src/core/schedule/schedule.ts'
import { creation, fireWrite, jobId, newJob, readState, scheduleState } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

const registration = { app: 'tracker', release: 1, hash: 'aaaa' }
const fleet = (count: number): ScheduleState[] =>
  Array.from({ length: count }, (_, index) => scheduleState({ id: `ship-${String(index).padStart(4, '0')}` }))

describe('a batch of decisions', () => {
  test('goes through but for the ones whose job or fire time is there already', async () => {
    const { store, schema } = await freshStore()
    const states = fleet(100)
    await store.writeSchedules(states.map(creation))
    await store.enqueue([newJob({ id: jobId(18) })])
    const past = await intruder(schema)
    await past.query(
      `INSERT INTO ledger SELECT '${states[70]!.id}', ${START + 60_000}, 0, 1, 'fired', NULL, 0, NULL, 1, '', ''`
    )
    const answers = await store.writeSchedules(states.map((state, index) => fireWrite(state, { id: jobId(index + 1) })))
    expect(answers.flatMap((answer, index) => (answer === 'conflict' ? [index] : []))).toEqual([17, 70])
    expect((await readState(store, states[17]!.id)).decidedUntil).toBe(START)
    expect((await past.query('SELECT FROM ledger')).rowCount).toBe(99)
    expect((await past.query('SELECT FROM job')).rowCount).toBe(99)
  })

  test('of more schedules than one statement takes is written whole', async () => {
    const { store } = await freshStore()
    const states = fleet(2_100)
    expect(new Set(await store.writeSchedules(states.map(creation)))).toEqual(new Set(['written']))
    expect((await store.readSchedules(states.map(({ id }) => id))).schedules).toHaveLength(2_100)
  })

  test('locks its schedules in the order of their ids, whatever its own', async () => {
    const { store, schema } = await freshStore()
    const states = ['a', 'b', 'c'].map(id => scheduleState({ id }))
    await store.writeSchedules(states.map(creation))
    const other = await intruder(schema)
    await other.query("BEGIN; SELECT FROM schedule WHERE id = 'b' FOR UPDATE")
    const writing = store.writeSchedules([2, 1, 0].map(index => fireWrite(states[index]!, { id: jobId(index) })))
    await untilBlocked(other, schema)
    const { rows } = await other.query<{ id: string }>("SELECT id FROM schedule WHERE id <> 'b' FOR UPDATE SKIP LOCKED")
    expect(rows).toEqual([{ id: 'c' }])
    await other.query('COMMIT')
    expect(await writing).toEqual(['written', 'written', 'written'])
  })

  test('that met another in its way decides what that one left', async () => {
    const { store, schema } = await freshStore()
    const states = ['a', 'b', 'c'].map(id => scheduleState({ id }))
    await store.writeSchedules(states.map(creation))
    const other = await intruder(schema)
    await other.query("BEGIN; UPDATE schedule SET decided_until = decided_until + 1 WHERE id = 'b'")
    const writing = store.writeSchedules(states.map((state, index) => fireWrite(state, { id: jobId(index) })))
    await untilBlocked(other, schema)
    await other.query('COMMIT')
    expect(await writing).toEqual(['written', 'conflict', 'written'])
    expect((await store.listJobs({}, { limit: 9 })).items.map(job => job.scheduleId)).toEqual(['c', 'a'])
  })
})

test('a registration marks schedules that are being decided when those decisions are over', async () => {
  const { store, schema } = await freshStore()
  const states = ['a', 'b'].map(id => scheduleState({ id }))
  await store.writeSchedules(states.map(creation))
  const other = await intruder(schema)
  await other.query("BEGIN; UPDATE schedule SET decided_until = decided_until + 1 WHERE id = 'a'")
  const writing = store.writeRegistration(registration, [])
  await untilBlocked(other, schema)
  await other.query('COMMIT')
  expect(await writing).toEqual(['a', 'b'])
  expect(await readState(store, 'a')).toMatchObject({ decidedUntil: START + 1, orphanedAt: START })
})

test('of two registrations at once the lower release writes nothing', async () => {
  const { store, schema } = await freshStore()
  await store.writeSchedules([creation(scheduleState())])
  const other = await intruder(schema)
  await other.query("BEGIN; INSERT INTO registration VALUES ('tracker', 2, 'bbbb')")
  const writing = store.writeRegistration(registration, [])
  await untilBlocked(other, schema)
  await other.query('COMMIT')
  expect(await writing).toEqual([])
  expect((await store.readApp('tracker', 'aaaa')).registration).toMatchObject({ release: 2 })
  expect((await readState(store)).orphanedAt).toBeUndefined()
})
