import { expect, test } from 'vitest'

import { createMemoryBooks } from '../../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../../src/stores/memory/store.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { readRevisions } from '../../../src/views/schedules/revisions.ts'
import { creation, definition, scheduleState, timelineRow } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'

test('the history of a schedule says what each revision has changed, and never its payload', async () => {
  const store = openMemoryStore({ books: createMemoryBooks(), clock: new ManualClock(START) })
  const first = scheduleState()
  const second = scheduleState({
    revision: 2,
    definition: definition({ queue: 'slow', payload: { port: 'a secret' }, trigger: { kind: 'interval', everyMs: 5 } })
  })
  const third = { ...second, revision: 3, phase: 'paused' as const }
  const timeline = [first, second, third].map(timelineRow)
  await store.writeSchedules([{ ...creation(first), timeline }])
  const { items, isMore } = await readRevisions(store, first.id)
  const shown = items.map(({ revision, differences, isPayloadChanged }) => ({
    revision,
    differences,
    isPayloadChanged
  }))
  expect(shown).toEqual([
    { revision: 3, differences: [], isPayloadChanged: false },
    {
      revision: 2,
      differences: [
        { member: 'trigger', before: { kind: 'interval', everyMs: 60_000 }, after: { kind: 'interval', everyMs: 5 } },
        { member: 'queue', before: 'default', after: 'slow' }
      ],
      isPayloadChanged: true
    },
    { revision: 1, differences: [], isPayloadChanged: false }
  ])
  expect(isMore).toBe(false)
  expect(JSON.stringify(items)).not.toContain('secret')
  await expect(readRevisions(store, 'unknown')).rejects.toMatchObject({ code: 'schedule-unknown' })
})
