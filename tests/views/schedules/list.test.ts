import { expect, test } from 'vitest'

import type { Store } from '../../../src/store/store.ts'
import { createMemoryBooks } from '../../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../../src/stores/memory/store.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { listSchedules, type ScheduleQuery } from '../../../src/views/schedules/list.ts'
import { creation, definition, ledgerRow, newJob, scheduleState } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'

const DAY = 86_400_000

async function books(): Promise<Store> {
  const store = openMemoryStore({ books: createMemoryBooks(), clock: new ManualClock(START) })
  const due = START + 60_000
  const rare = definition({ trigger: { kind: 'interval', everyMs: 400 * DAY } })
  const calm = { definition: rare, nextFireAt: due, validFrom: START }
  const rows = [1, 2, 3].map(minute => ledgerRow({ scheduleId: 'calm', fireAt: START - minute * 60_000 }))
  await store.writeSchedules([
    { ...creation(scheduleState({ id: 'calm', ...calm })), ledger: rows },
    creation(scheduleState({ id: 'held', ...calm })),
    creation(scheduleState({ id: 'owed', ...calm, nextFireAt: START - 60_000 })),
    creation(scheduleState({ id: 'rest', phase: 'paused', nextFireAt: undefined, pauseNote: 'migration' })),
    creation(scheduleState({ id: 'old', validFrom: START - 9 * DAY })),
    creation(scheduleState({ id: 'none', definition: rare, nextFireAt: undefined }))
  ])
  await store.enqueue([newJob({ scheduleId: 'held', runAt: START })])
  return store
}

const idsOf = async (store: Store, query: ScheduleQuery): Promise<string[]> =>
  (await listSchedules(store, query, { limit: 9, strip: 0 })).items.map(({ id }) => id)

test('each health finds the schedules whose word it is, and those alone', async () => {
  const store = await books()
  const words = ['fine', 'paused', 'overdue', 'stale', 'no-next-fire', 'failing', 'late', 'ended', 'orphaned'] as const
  const found: string[][] = []
  for (const health of words) found.push(await idsOf(store, { health }))
  expect(found).toEqual([['calm', 'held'], ['rest'], ['owed'], ['old'], ['none'], [], [], [], []])
  expect(await idsOf(store, { isOverdue: true })).toEqual(['owed'])
  expect(await idsOf(store, { health: 'paused', phase: 'active' })).toEqual([])
})

test('a page of one health continues at its cursor, also where it was cut', async () => {
  const store = await books()
  const first = await listSchedules(store, { health: 'fine' }, { limit: 1, strip: 2 })
  expect(first.items.map(({ id }) => id)).toEqual(['calm'])
  expect(first.items[0]!.strip.map(({ fireAt }) => fireAt)).toEqual([START - 120_000, START - 60_000])
  const second = await listSchedules(store, { health: 'fine' }, { limit: 1, strip: 0, cursor: first.cursor })
  expect(second).toMatchObject({ items: [{ id: 'held', strip: [] }], cursor: undefined })
})

test('a health that many schedules lack is searched for a while', async () => {
  const store = await books()
  const many = Array.from({ length: 1_000 }, (_, number) => creation(scheduleState({ id: `z-${number}` })))
  await store.writeSchedules(many)
  const cut = await listSchedules(store, { health: 'late' }, { limit: 5, strip: 0, mayContinue: () => false })
  expect(cut).toMatchObject({ items: [], isCut: true })
  const rest = await listSchedules(store, { health: 'late' }, { limit: 5, strip: 0, cursor: cut.cursor })
  expect(rest).toMatchObject({ items: [], cursor: undefined })
})
