import { describe, expect, test } from 'vitest'
import { StoreBackend } from '../../../src/coordination/store-backend.ts'
import { task } from '../../../src/core/job/task.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { Seats } from '../../../src/runtime/seats/seats.ts'
import type { SeatListener, Tenure } from '../../../src/runtime/seats/tenure.ts'
import type { Store } from '../../../src/store/store.ts'
import { idSequence } from '../../../src/testing/ids.ts'
import { failing, heard, Lab, tampered, turn } from '../lab.ts'

const TTL_MS = 15_000
const RENEW_EVERY_MS = 5_000
const PATIENCE_MS = 5_000
/** A contender tries once within it. */
const TRY_MS = 150

const mail = task('mail', { handler: () => undefined })

interface Worker {
  readonly seats: Seats
  readonly store: Store
  readonly events: Emitter
  readonly start: (standsForPrimary?: boolean) => void
}

/** What one Escapement has of seats, on the books of the lab. */
function worker(lab: Lab, name: string): Worker {
  const store = lab.store()
  const events = new Emitter()
  const { clock } = lab
  const seats = new Seats({
    holder: { id: name, host: 'harbour', pid: 1 },
    clock,
    events,
    random: () => 0.5,
    ttlMs: TTL_MS,
    renewEveryMs: RENEW_EVERY_MS,
    patienceMs: PATIENCE_MS,
    newId: idSequence(name.length * 0x1_0000),
    taskOf: named => (typeof named === 'string' ? mail : named)
  })
  const backend = new StoreBackend({ store, clock, holderId: name, renewEveryMs: RENEW_EVERY_MS })
  return { seats, store, events, start: (standsForPrimary = false) => seats.start(store, backend, standsForPrimary) }
}

/** Listens, and keeps what it is told. */
function listening(over: Partial<SeatListener> = {}): { listener: SeatListener; log: string[]; tenures: Tenure[] } {
  const log: string[] = []
  const tenures: Tenure[] = []
  const listener: SeatListener = {
    onElected: tenure => {
      tenures.push(tenure)
      log.push(`elected ${tenure.term}`)
    },
    onDeposed: ({ term, signal }, why) => void log.push(`deposed ${term} ${why} ${signal.aborted}`),
    ...over
  }
  return { listener, log, tenures }
}

describe('whoever listens', () => {
  test('hears of the election and of its end, and so do the events', async () => {
    const lab = new Lab()
    const { seats, events, start } = worker(lab, 'ada')
    const { listener, log } = listening()
    const [elected, deposed] = [heard(events, 'seat.elected'), heard(events, 'seat.deposed')]
    seats.listen('primary', listener)
    await turn()
    expect([log, seats.isHeld('primary')]).toEqual([[], false])
    start()
    await turn()
    expect([log, seats.isHeld('primary')]).toEqual([['elected 1'], true])
    await seats.stop()
    expect([log.at(-1), seats.isHeld('primary')]).toEqual(['deposed 1 resigned true', false])
    expect(elected).toEqual([{ seat: 'primary', term: 1, host: 'harbour', pid: 1 }])
    expect(deposed).toEqual([{ seat: 'primary', term: 1, why: 'resigned' }])
    expect(lab.clock.pending).toBe(0)
  })

  test('while the seat is held hears of it at once', async () => {
    const lab = new Lab()
    const { seats, start } = worker(lab, 'ada')
    start(true)
    await turn()
    const { listener, log } = listening()
    seats.listen('primary', listener)
    await turn()
    expect(log).toEqual(['elected 1'])
    await seats.stop()
  })

  test('harms nothing by throwing, at once or later', async () => {
    const lab = new Lab()
    const { seats, events, start } = worker(lab, 'ada')
    const failed = heard(events, 'seat.callback-failed')
    const throwing = (words: string) => (): never => {
      throw new Error(words)
    }
    seats.listen('primary', { onElected: throwing('at once'), onDeposed: async () => throwing('later')() })
    const { listener, log } = listening()
    seats.listen('primary', listener)
    start()
    await lab.clock.advance(3 * TTL_MS)
    expect(seats.isHeld('primary')).toBe(true)
    await seats.stop()
    expect(log).toEqual(['elected 1', 'deposed 1 resigned true'])
    expect(failed.map(({ callback, error }) => [callback, error.message])).toEqual([
      ['onElected', 'at once'],
      ['onDeposed', 'later']
    ])
  })

  test('no longer gives the seat up, unless somebody else here wants it', async () => {
    const lab = new Lab()
    const [ada, bob] = [worker(lab, 'ada'), worker(lab, 'bob')]
    const ends = [ada.seats.listen('mail', {}), ada.seats.listen('mail', {})]
    bob.seats.listen('mail', {})
    ada.start()
    await turn()
    bob.start()
    ends[0]!()
    await lab.clock.advance(2 * TTL_MS)
    expect([ada.seats.isHeld('mail'), bob.seats.isHeld('mail')]).toEqual([true, false])
    ends[1]!()
    await lab.clock.advance(TRY_MS)
    expect([ada.seats.isHeld('mail'), bob.seats.isHeld('mail')]).toEqual([false, true])
    await Promise.all([ada.seats.stop(), bob.seats.stop()])
  })

  test('again right after it had ended stands for the seat again', async () => {
    const lab = new Lab()
    const { seats, start } = worker(lab, 'ada')
    const end = seats.listen('mail', {})
    start()
    await turn()
    end()
    const { listener, log } = listening()
    seats.listen('mail', listener)
    await lab.clock.advance(TRY_MS)
    expect([log, seats.isHeld('mail')]).toEqual([['elected 2'], true])
    await seats.stop()
  })

  test('asks for a seat by a name that files and keys can have', () => {
    const { seats } = worker(new Lab(), 'ada')
    for (const name of ['', 'Primary', '../x', 'a'.repeat(65), '-x'])
      expect(() => seats.listen(name, {})).toThrow(expect.objectContaining({ code: 'id-invalid' }))
  })
})

describe('who stands for which seat', () => {
  test('for primary the scheduler, also when nobody listens', async () => {
    const lab = new Lab()
    const [scheduler, web] = [worker(lab, 'ada'), worker(lab, 'bob')]
    web.start(false)
    await lab.clock.advance(TRY_MS)
    expect(web.seats.isHeld('primary')).toBe(false)
    scheduler.start(true)
    await turn()
    expect(scheduler.seats.isHeld('primary')).toBe(true)
    await Promise.all([scheduler.seats.stop(), web.seats.stop()])
  })

  test('asking whether it is held is no candidacy', async () => {
    const lab = new Lab()
    const { seats, store, start } = worker(lab, 'ada')
    start()
    expect(seats.isHeld('mail')).toBe(false)
    await lab.clock.advance(TRY_MS)
    expect(await store.listSeats()).toEqual([])
    await seats.stop()
  })
})

describe('a hand-over', () => {
  test('begins when the callbacks have ended, and the next one holds the seat at its next try', async () => {
    const lab = new Lab()
    const [ada, bob] = [worker(lab, 'ada'), worker(lab, 'bob')]
    const gate = Promise.withResolvers<void>()
    const work = listening({ onElected: () => gate.promise })
    ada.seats.listen('primary', work.listener)
    bob.seats.listen('primary', {})
    ada.start()
    await turn()
    bob.start()
    const stopping = ada.seats.stop()
    await lab.clock.advance(PATIENCE_MS - 1)
    expect([ada.seats.isHeld('primary'), bob.seats.isHeld('primary')]).toEqual([false, false])
    gate.resolve()
    await lab.clock.advance(TRY_MS)
    expect(bob.seats.isHeld('primary')).toBe(true)
    await stopping
    await bob.seats.stop()
  })

  test('or when they have had their time', async () => {
    const lab = new Lab()
    const [ada, bob] = [worker(lab, 'ada'), worker(lab, 'bob')]
    ada.seats.listen('primary', { onElected: () => new Promise(() => undefined) })
    bob.seats.listen('primary', {})
    ada.start()
    await turn()
    bob.start()
    const stopping = ada.seats.stop()
    await lab.clock.advance(PATIENCE_MS + TRY_MS)
    expect(bob.seats.isHeld('primary')).toBe(true)
    await Promise.all([stopping, bob.seats.stop()])
  })

  test('that the books can not be told of ends all the same; the seat is left to expire', async () => {
    const lab = new Lab()
    const [ada, bob] = [worker(lab, 'ada'), worker(lab, 'bob')]
    ada.start(true)
    await turn()
    failing(ada.store, 'resignSeat')
    await ada.seats.stop()
    bob.start(true)
    await lab.clock.advance(TTL_MS - TRY_MS)
    expect(bob.seats.isHeld('primary')).toBe(false)
    await lab.clock.advance(2 * TRY_MS)
    expect(bob.seats.isHeld('primary')).toBe(true)
    await bob.seats.stop()
  })

  test('is not needed after an outage that ends in time: a holder tries again every second', async () => {
    const lab = new Lab()
    const { seats, store, start } = worker(lab, 'ada')
    start(true)
    await turn()
    let isUp = true
    tampered(store, 'renewSeat', real => async (...args) => {
      if (isUp) return real(...args)
      throw new Error('the books are away')
    })
    isUp = false
    await lab.clock.advance(12_000)
    isUp = true
    await lab.clock.advance(2 * TTL_MS)
    expect([seats.isHeld('primary'), (await store.listSeats())[0]?.term]).toEqual([true, 1])
    await seats.stop()
  })

  test('of who could not renew is told before the next one is elected', async () => {
    const lab = new Lab()
    const [ada, bob] = [worker(lab, 'ada'), worker(lab, 'bob')]
    const order: string[] = []
    ada.seats.listen('primary', { onDeposed: (_tenure, why) => void order.push(`ada ${why}`) })
    bob.seats.listen('primary', { onElected: () => void order.push('bob elected') })
    ada.start()
    await turn()
    bob.start()
    const failures = heard(ada.events, 'loop.failed')
    failing(ada.store, 'renewSeat', { times: 1_000 })
    failing(ada.store, 'resignSeat', { times: 1_000 })
    await lab.clock.advance(2 * TTL_MS)
    expect(order).toEqual(['ada expired', 'bob elected'])
    expect(failures[0]?.loop).toBe('seat primary')
    await Promise.all([ada.seats.stop(), bob.seats.stop()])
  })
})

describe('a write in the name of a tenure', () => {
  test('is written while it lasts', async () => {
    const lab = new Lab()
    const { seats, start } = worker(lab, 'ada')
    const { listener, tenures } = listening()
    seats.listen('primary', listener)
    start()
    await turn()
    const answer = await tenures[0]?.enqueue('mail', { to: 'port' }, { priority: 7 })
    expect(answer?.outcome).toBe('enqueued')
    expect(lab.onlyJob).toMatchObject({ task: 'mail', payload: '{"to":"port"}', priority: 7 })
    await seats.stop()
  })

  test('is refused when it has ended, also while the holder has not heard of it', async () => {
    const lab = new Lab()
    const { seats, store, start } = worker(lab, 'ada')
    const { listener, tenures } = listening()
    seats.listen('primary', listener)
    start()
    await turn()
    const [seen] = await store.listSeats()
    const holder = { id: 'stranger', host: 'lighthouse', pid: 2 }
    await store.takeSeat({ seat: 'primary', term: 2, holder, ttlMs: TTL_MS, seen })
    expect([seats.isHeld('primary'), tenures[0]?.signal.aborted]).toEqual([true, false])
    await expect(tenures[0]?.enqueue(mail, null)).rejects.toMatchObject({
      code: 'seat-lost',
      message: 'A job of "mail" was not enqueued: term 1 of the seat "primary" has ended.'
    })
    await seats.stop()
    await expect(tenures[0]?.enqueue(mail, null)).rejects.toMatchObject({ code: 'seat-lost' })
    expect(lab.books.jobs.size).toBe(0)
  })
})
