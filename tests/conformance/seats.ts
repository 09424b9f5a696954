import { expect } from 'vitest'

import type { SeatClaim, SeatState } from '../../src/store/seats.ts'
import type { Store } from '../../src/store/store.ts'
import { claim, jobId, newJob, newJobs } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testSeats(suite: Suite): void {
  testTaking(suite)
  testRaces(suite)
  testHolding(suite)
  testResigning(suite)
  testWritesInASeatsName(suite)
}

const ada = { id: 'ada', host: 'harbour', pid: 4711 }
const bob = { id: 'bob', host: 'lighthouse', pid: 12 }

const heldByAda = { seat: 'primary', term: 1, holderId: ada.id }

const claimOf = (over: Partial<SeatClaim> = {}): SeatClaim => ({
  seat: 'primary',
  term: 1,
  holder: ada,
  ttlMs: 15_000,
  seen: undefined,
  ...over
})

async function readSeat(store: Store, seat = 'primary'): Promise<SeatState> {
  const state = (await store.listSeats()).find(each => each.seat === seat)
  if (state === undefined) throw new Error(`The books know no seat ${seat}.`)
  return state
}

/** The claim of one who has just read the row. */
const following = async (store: Store, over: Partial<SeatClaim> = {}): Promise<SeatClaim> => {
  const seen = await readSeat(store)
  return claimOf({ term: seen.term + 1, holder: bob, seen, ...over })
}

function testTaking({ test }: Suite): void {
  test('seats: what is taken from a holder that had not resigned is counted once', async ({ store }) => {
    const takeovers = async () => (await store.readTotals()).filter(({ kind }) => kind === 'takeover')
    await store.takeSeat(claimOf())
    expect(await takeovers()).toEqual([])
    const taking = await following(store)
    for (const expected of [true, true]) expect(await store.takeSeat(taking)).toBe(expected)
    expect(await store.takeSeat({ ...taking, term: 3 })).toBe(false)
    const once = [{ kind: 'takeover', name: 'primary', outcome: '', n: 1 }]
    expect(await takeovers()).toEqual(once)
    await store.resignSeat({ seat: 'primary', term: 2, holderId: bob.id })
    expect(await store.takeSeat(await following(store, { holder: ada }))).toBe(true)
    expect(await takeovers()).toEqual(once)
    expect(await store.takeSeat(await following(store))).toBe(true)
    expect(await takeovers()).toEqual([{ ...once[0], n: 2 }])
  })

  test('seats: none before the first is taken; then as it was claimed', async ({ store }) => {
    expect(await store.listSeats()).toEqual([])
    expect(await store.takeSeat(claimOf({ ttlMs: 900 }))).toBe(true)
    const { counter, ...state } = await readSeat(store)
    expect(counter).toBeGreaterThan(0)
    expect(state).toEqual({
      seat: 'primary',
      term: 1,
      ttlMs: 900,
      holder: ada,
      electedAt: START,
      renewedAt: START
    })
  })

  test('seats: each for itself, in the order of their names', async ({ store }) => {
    for (const seat of ['reports', 'primary', 'mail'])
      expect(await store.takeSeat(claimOf({ seat, term: seat.length }))).toBe(true)
    const seats = await store.listSeats()
    expect(seats.map(({ seat, term }) => [seat, term])).toEqual([
      ['mail', 4],
      ['primary', 7],
      ['reports', 7]
    ])
  })

  test('seats: taken over by whoever has seen the row as it is', async ({ clock, store }) => {
    await store.takeSeat(claimOf())
    clock.set(START + 20_000)
    const before = await readSeat(store)
    expect(await store.takeSeat(await following(store, { term: 9, ttlMs: 900 }))).toBe(true)
    const after = await readSeat(store)
    expect(after).toMatchObject({ term: 9, ttlMs: 900, holder: bob, electedAt: START + 20_000 })
    expect(after.counter).toBeGreaterThan(before.counter)
  })

  test('seats: a take-over that lost its answer is repeated, and one that is history is not', async ({ store }) => {
    await store.takeSeat(claimOf())
    expect(await store.takeSeat(claimOf())).toBe(true)
    const second = await following(store)
    expect([await store.takeSeat(second), await store.takeSeat(second)]).toEqual([true, true])
    expect(await store.takeSeat(claimOf())).toBe(false)
    expect(await readSeat(store)).toMatchObject({ term: 2, holder: bob })
  })
}

function testRaces({ test }: Suite): void {
  test('seats: not by whoever has seen another row than there is', async ({ store }) => {
    await store.takeSeat(claimOf())
    expect(await store.takeSeat(claimOf({ holder: bob }))).toBe(false)
    const stale = await following(store)
    await store.renewSeat(heldByAda)
    expect(await store.takeSeat(stale)).toBe(false)
    expect(await store.takeSeat({ ...stale, seen: { ...stale.seen!, term: 0 } })).toBe(false)
    expect(await readSeat(store)).toMatchObject({ term: 1, holder: ada })
  })

  test('seats: terms only grow', async ({ store }) => {
    await store.takeSeat(claimOf({ term: 5 }))
    for (const term of [4, 5]) expect(await store.takeSeat(await following(store, { term }))).toBe(false)
    expect(await readSeat(store)).toMatchObject({ term: 5, holder: ada })
  })

  test('seats: of many at once one takes it', async ({ store, beside }) => {
    const stores = [store, await beside(), await beside()]
    const claims = stores.map((each, index) => each.takeSeat(claimOf({ holder: { ...ada, id: `h${index}` } })))
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
    const seen = await readSeat(store)
    const next = stores.map((each, index) =>
      each.takeSeat(claimOf({ term: 2, seen, holder: { ...bob, id: `n${index}` } }))
    )
    expect((await Promise.all(next)).filter(Boolean)).toHaveLength(1)
  })
}

function testHolding({ test }: Suite): void {
  test('seats: every renewal raises the counter', async ({ clock, store }) => {
    await store.takeSeat(claimOf())
    const counters = [(await readSeat(store)).counter]
    for (let renewal = 1; renewal <= 3; renewal++) {
      clock.set(START + renewal * 5_000)
      expect(await store.renewSeat(heldByAda)).toBe(true)
      const { counter, renewedAt, electedAt } = await readSeat(store)
      expect([renewedAt, electedAt]).toEqual([START + renewal * 5_000, START])
      counters.push(counter)
    }
    expect(counters).toEqual([...new Set(counters)].toSorted((a, b) => a - b))
  })

  test('seats: nobody renews a term that has ended, or a seat that never was', async ({ store }) => {
    expect(await store.renewSeat(heldByAda)).toBe(false)
    await store.takeSeat(claimOf())
    await store.takeSeat(await following(store))
    const before = await readSeat(store)
    expect(await store.renewSeat(heldByAda)).toBe(false)
    expect(await store.renewSeat({ ...heldByAda, term: 3 })).toBe(false)
    expect(await readSeat(store)).toEqual(before)
  })
}

function testResigning({ test }: Suite): void {
  test('seats: one that was resigned from is vacant, and keeps its term', async ({ store }) => {
    await store.takeSeat(claimOf())
    await store.resignSeat(heldByAda)
    await store.resignSeat(heldByAda)
    expect(await readSeat(store)).toMatchObject({ term: 1, holder: undefined })
    expect(await store.renewSeat(heldByAda)).toBe(false)
    expect(await store.takeSeat(await following(store))).toBe(true)
    expect(await readSeat(store)).toMatchObject({ term: 2, holder: bob })
  })

  test('seats: who lost the race for a term neither renews it nor resigns from it', async ({ store }) => {
    await store.takeSeat(claimOf())
    const before = await readSeat(store)
    expect(await store.takeSeat(claimOf({ holder: bob }))).toBe(false)
    await store.resignSeat({ ...heldByAda, holderId: bob.id })
    expect(await store.renewSeat({ ...heldByAda, holderId: bob.id })).toBe(false)
    expect(await readSeat(store)).toEqual(before)
  })

  test('seats: a late resignation takes nothing from the next holder', async ({ store }) => {
    await store.takeSeat(claimOf())
    await store.takeSeat(await following(store))
    await store.resignSeat(heldByAda)
    expect(await readSeat(store)).toMatchObject({ term: 2, holder: bob })
  })
}

function testWritesInASeatsName({ test }: Suite): void {
  test('seats: jobs are enqueued in the name of the current term', async ({ store }) => {
    await store.takeSeat(claimOf())
    const answers = [1, 2].map(number => ({ outcome: 'enqueued', id: jobId(number) }))
    expect(await store.enqueueInSeat(claimOf(), newJobs(2))).toEqual(answers)
    expect(await store.enqueueInSeat(claimOf(), [newJob()])).toEqual([{ outcome: 'exists', id: jobId(1) }])
    expect((await claim(store)).jobs.map(({ id }) => id)).toEqual([jobId(1), jobId(2)])
  })

  test('seats: nothing is written in the name of a term that is not the current one', async ({ store }) => {
    const refused = async (term: number): Promise<void> => {
      expect(await store.enqueueInSeat({ seat: 'primary', term }, [newJob()])).toBe('deposed')
      expect(await store.readJob(jobId(1))).toBe(undefined)
    }
    await refused(1)
    await store.takeSeat(claimOf())
    await refused(2)
    await store.takeSeat(await following(store))
    await refused(1)
    await store.resignSeat({ seat: 'primary', term: 2, holderId: bob.id })
    await refused(2)
    expect(await store.enqueueInSeat({ seat: 'mail', term: 2 }, [newJob()])).toBe('deposed')
  })

  test('seats: a write and a take-over at the same time have an order', async ({ store, beside }) => {
    const other = await beside()
    await store.takeSeat(claimOf())
    for (let term = 1; term <= 20; term++) {
      const seen = await readSeat(store)
      const next = claimOf({ term: term + 1, seen, holder: { ...bob, id: `n${term}` } })
      const id = jobId(term)
      const [written, taken] = await Promise.all([
        store.enqueueInSeat({ seat: 'primary', term }, [newJob({ id })]),
        other.takeSeat(next)
      ])
      expect(taken).toBe(true)
      expect((await store.readJob(id)) !== undefined).toBe(written !== 'deposed')
      expect(await store.enqueueInSeat({ seat: 'primary', term }, [newJob({ id: jobId(100) })])).toBe('deposed')
    }
  })
}
