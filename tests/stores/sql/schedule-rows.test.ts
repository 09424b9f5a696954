import { expect, test } from 'vitest'
import { pauseNoteText, type ReadScheduleRow, scheduleOf } from '../../../src/stores/sql/schedule-rows.ts'
import { scheduleState } from '../../conformance/fixtures.ts'

const state = scheduleState({ phase: 'paused', phaseBy: 'operator', revision: 4, pauseNote: 'The crane is broken.' })
const rowOf = (revision: number): ReadScheduleRow => {
  const { id, definition, phase, app, release, validFrom, decidedUntil } = state
  const counts = [0, 0, null, null, 'operator', null, null, 0] as const
  const from = [id, JSON.stringify(definition), phase, app, release, revision, validFrom, decidedUntil, null] as const
  return [...from, ...counts, pauseNoteText(state)]
}

test('a note is that of the revision it was written with: a release that knows no notes leaves it behind', () => {
  expect(scheduleOf(rowOf(4)).state.pauseNote).toBe('The crane is broken.')
  expect(scheduleOf(rowOf(5)).state.pauseNote).toBeUndefined()
})
