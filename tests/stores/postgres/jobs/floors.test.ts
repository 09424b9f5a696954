import { describe, expect, test } from 'vitest'

import { Floors } from '../../../../src/stores/postgres/jobs/floors.ts'
import type { KindFloors, Look } from '../../../../src/stores/postgres/jobs/floors.ts'
import { claimRequest, jobId } from '../../../conformance/fixtures.ts'

const NOW = 1_000_000
const FIRST = '00000000-0000-0000-0000-000000000000'

const look = (run_at: number | null, us = 10_000): Look => ({
  us,
  now: NOW,
  heads: [{ place: 2, run_at, id: run_at === null ? null : jobId(1) }]
})

const floorsOf = (kind: KindFloors, at: number): unknown => JSON.parse(kind.ticket(at).floors ?? 'null')

/** A kind of claim whose look at instant 0 was dear. */
function dear(seen = look(900)): { floors: Floors; kind: KindFloors } {
  const floors = new Floors()
  const kind = floors.of(claimRequest())
  kind.learn(kind.ticket(0), seen, 0)
  return { floors, kind }
}

describe('where claims begin to look', () => {
  test('is the head, as long as looks are cheap', () => {
    const { kind } = dear()
    expect(floorsOf(new Floors().of(claimRequest()), 0)).toBeNull()
    expect(floorsOf(kind, 0)).not.toBeNull()
    kind.learn({ floors: null, lowered: 0 }, null, 1)
    expect(floorsOf(kind, 1)).toBeNull()
  })

  test('is where the last claim found the first job, once a look was dear', () => {
    const { kind } = dear()
    expect(floorsOf(kind, 1)).toEqual([{ place: 2, run_at: 900, id: jobId(1) }])
    kind.learn(kind.ticket(1), look(950, 1), 1)
    expect(floorsOf(kind, 1)).toEqual([{ place: 2, run_at: 950, id: jobId(1) }])
  })

  test('is the instant of the claim where it found none', () => {
    expect(floorsOf(dear(look(null)).kind, 1)).toEqual([{ place: 2, run_at: NOW, id: FIRST }])
  })

  test('is the head again for one part in twenty of the time', () => {
    const { kind } = dear()
    expect(floorsOf(kind, 189)).not.toBeNull()
    expect(floorsOf(kind, 190)).toBeNull()
    kind.learn(kind.ticket(190), look(960, 20_000), 200)
    expect(floorsOf(kind, 579)).toEqual([{ place: 2, run_at: 960, id: jobId(1) }])
    expect(floorsOf(kind, 580)).toBeNull()
  })

  test('is put off by no look but one from the head', () => {
    const { kind } = dear()
    kind.learn(kind.ticket(100), look(960, 50_000), 150)
    expect(floorsOf(kind, 190)).toBeNull()
  })

  test('is for each kind of claim its own', () => {
    const { floors } = dear()
    expect(floorsOf(floors.of(claimRequest({ node: 'node-b', limit: 3 })), 1)).not.toBeNull()
    expect(floorsOf(floors.of(claimRequest({ tasks: ['invoice'] })), 1)).toBeNull()
    expect(floorsOf(floors.of(claimRequest({ queues: ['a'] })), 1)).toBeNull()
  })
})

describe('a job that this process puts back', () => {
  test.each([
    [899, jobId(9), 899],
    [901, jobId(0), 900]
  ])('at %i lowers the floor, never raises it', (run_at, id, expected) => {
    const { floors, kind } = dear()
    floors.lower({ place: 2, run_at, id })
    expect(floorsOf(kind, 1)).toMatchObject([{ run_at: expected }])
  })

  test('at the same instant lowers it to the lesser id', () => {
    const { floors, kind } = dear()
    floors.lower({ place: 2, run_at: 900, id: jobId(2) })
    expect(floorsOf(kind, 1)).toMatchObject([{ id: jobId(1) }])
    floors.lower({ place: 2, run_at: 900, id: jobId(0) })
    expect(floorsOf(kind, 1)).toMatchObject([{ id: jobId(0) }])
  })

  test('is not passed over by a claim that had looked before', () => {
    const { floors, kind } = dear()
    const ticket = kind.ticket(1)
    floors.lower({ place: 2, run_at: 5, id: jobId(5) })
    kind.learn(ticket, look(950, 1), 2)
    expect(floorsOf(kind, 2)).toMatchObject([{ run_at: 5 }])
    kind.learn(kind.ticket(2), look(950, 1), 3)
    expect(floorsOf(kind, 3)).toMatchObject([{ run_at: 950 }])
  })

  test('needs no floor of a place that has none', () => {
    const { floors, kind } = dear()
    floors.lower({ place: 4, run_at: 5, id: jobId(5) })
    expect(floorsOf(kind, 1)).toMatchObject([{ place: 2 }])
  })
})
