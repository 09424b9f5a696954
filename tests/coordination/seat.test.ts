import { describe, expect, test } from 'vitest'
import { StoreBackend } from '../../src/coordination/store-backend.ts'
import type { SeatState } from '../../src/store/seats.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { failing, tampered, turn, withheld } from '../runtime/lab.ts'
import { Contender } from './contender.ts'
import { sharedBooks } from './shared-books.ts'

const TTL_MS = 15_000
const RENEW_EVERY_MS = 5_000
const TRUSTED_MS = 13_500
const POLL_MS = 150

/** Processes before one seat, by the books, on one clock that is moved by hand. */
class Harbour {
  readonly clock = new ManualClock()
  readonly log: string[] = []
  readonly #books = sharedBooks(this.clock)

  contender(name: string, ttlMs = TTL_MS): Contender {
    const { clock, log } = this
    const holder = { id: name, host: 'harbour', pid: 1 }
    const store = this.#books.connect()
    const backend = new StoreBackend({ store, clock, holderId: name, renewEveryMs: ttlMs / 3 })
    return new Contender({ holder, store, backend, clock, ttlMs, log, die: () => undefined })
  }

  async elected(name: string, ttlMs?: number): Promise<Contender> {
    const contender = this.contender(name, ttlMs)
    await contender.step()
    expect(contender.isHeld).toBe(true)
    return contender
  }

  /** A contender looks on, as often as it does. Answers after how long it was elected, if it was. */
  async watch(contender: Contender, forMs: number): Promise<number | undefined> {
    for (let passedMs = 0; passedMs < forMs; passedMs += POLL_MS) {
      await contender.step()
      if (contender.isHeld) return passedMs
      await this.clock.advance(POLL_MS)
    }
    return undefined
  }
}

const row = async (contender: Contender): Promise<SeatState> => (await contender.store.listSeats())[0]!

describe("the holder's own deadline", () => {
  test('runs from the beginning of its last successful renewal, whatever the answer took', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    await harbour.clock.advance(RENEW_EVERY_MS)
    const answer = withheld(ada.store, 'renewSeat')
    const renewing = ada.step()
    await harbour.clock.advance(4_000)
    answer.letGo()
    await renewing
    await harbour.clock.advance(TRUSTED_MS - 4_000 - 1)
    expect([ada.isHeld, harbour.log.length]).toEqual([true, 1])
    await harbour.clock.advance(1)
    expect([ada.isHeld, harbour.log.at(-1)]).toEqual([false, 'primary: ada expired'])
  })

  test('also that of the election', async () => {
    const harbour = new Harbour()
    const ada = harbour.contender('ada')
    const answer = withheld(ada.store, 'takeSeat')
    const electing = ada.step()
    await harbour.clock.advance(TRUSTED_MS)
    answer.letGo()
    await electing
    expect([ada.isHeld, harbour.log]).toEqual([false, []])
    await ada.step()
    expect((await row(ada)).holder?.id).toBe('ada')
    expect(ada.isHeld).toBe(true)
  })

  test('stands while renewals fail, and moves with the first that succeeds', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    failing(ada.store, 'renewSeat', { times: 2 })
    await harbour.clock.advance(RENEW_EVERY_MS)
    await expect(ada.step()).rejects.toThrow('renewSeat failed')
    await harbour.clock.advance(RENEW_EVERY_MS)
    await expect(ada.step()).rejects.toThrow('renewSeat failed')
    await harbour.clock.advance(3_000)
    await ada.step()
    await harbour.clock.advance(TRUSTED_MS - 1)
    expect(ada.isHeld).toBe(true)
    await harbour.clock.advance(1)
    expect(ada.isHeld).toBe(false)
  })

  test('has passed for a process that wakes from a freeze, before any timer rings; it renews nothing any more', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    const before = await row(ada)
    harbour.clock.set(harbour.clock.now() + TRUSTED_MS)
    expect([ada.isHeld, harbour.log.length]).toEqual([false, 1])
    let renewals = 0
    tampered(ada.store, 'renewSeat', real => async (...args) => {
      renewals++
      return real(...args)
    })
    await ada.step()
    expect([harbour.log.at(-1), renewals]).toEqual(['primary: ada expired', 0])
    expect((await row(ada)).counter).toBe(before.counter)
  })

  test('comes before anybody else can be elected, and leaves a tenth of the TTL to put things away', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    const bob = harbour.contender('bob')
    await bob.step()
    const electedAfterMs = await harbour.watch(bob, 2 * TTL_MS)
    expect(harbour.log).toEqual(['primary: ada elected', 'primary: ada expired', 'primary: bob elected'])
    expect(electedAfterMs).toBeGreaterThanOrEqual(TTL_MS)
    expect(electedAfterMs).toBeLessThanOrEqual(TTL_MS + POLL_MS)
    expect(ada.isHeld).toBe(false)
  })
})

describe('a contender', () => {
  test('that was frozen itself has seen nothing in the meantime', async () => {
    const harbour = new Harbour()
    await harbour.elected('ada')
    const bob = harbour.contender('bob')
    await bob.step()
    harbour.clock.set(harbour.clock.now() + 10 * TTL_MS)
    await bob.step()
    expect(bob.isHeld).toBe(false)
    expect(await harbour.watch(bob, 2 * TTL_MS)).toBeGreaterThanOrEqual(TTL_MS - POLL_MS)
  })

  test('waits for as long as the holder trusts itself, however impatient it is', async () => {
    const harbour = new Harbour()
    await harbour.elected('ada')
    const bob = harbour.contender('bob', 600)
    await bob.step()
    expect(await harbour.watch(bob, TTL_MS - POLL_MS)).toBe(undefined)
    expect(await harbour.watch(bob, TTL_MS)).toBeDefined()
  })

  test('takes over only from the row that it saw stand still', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    const bob = harbour.contender('bob')
    await bob.step()
    tampered(bob.store, 'takeSeat', real => async (...args) => {
      await ada.store.renewSeat({ seat: 'primary', term: ada.term, holderId: 'ada' })
      return real(...args)
    })
    expect(await harbour.watch(bob, 2 * TTL_MS)).toBe(undefined)
    expect((await row(bob)).holder?.id).toBe('ada')
  })

  test('who finds itself written down as the holder, of an election whose answer was lost, waits for nobody', async () => {
    const harbour = new Harbour()
    const ada = harbour.contender('ada')
    await ada.store.takeSeat({
      seat: 'primary',
      term: 1,
      holder: { id: 'ada', host: 'harbour', pid: 1 },
      ttlMs: TTL_MS,
      seen: undefined
    })
    await ada.step()
    expect([ada.isHeld, ada.term]).toEqual([true, 2])
  })
})

describe('a holder', () => {
  test('whose seat was taken learns it at its next renewal', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    const holder = { id: 'bob', host: 'lighthouse', pid: 2 }
    await ada.store.takeSeat({ seat: 'primary', term: 2, holder, ttlMs: TTL_MS, seen: await row(ada) })
    await harbour.clock.advance(RENEW_EVERY_MS)
    await ada.step()
    expect(harbour.log).toEqual(['primary: ada elected', 'primary: ada taken'])
    expect((await row(ada)).holder?.id).toBe('bob')
  })

  test('whose timer rings a moment early renews all the same', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    await harbour.clock.advance(RENEW_EVERY_MS - 1)
    expect(await ada.step()).toBe(1)
    await harbour.clock.advance(1)
    expect(await ada.step()).toBe(RENEW_EVERY_MS)
  })

  test('that stepped down while a renewal was under way stays down', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    await harbour.clock.advance(RENEW_EVERY_MS)
    const answer = withheld(ada.store, 'renewSeat')
    const renewing = ada.step()
    await turn()
    ada.stepDown()
    answer.letGo()
    await renewing
    expect([ada.isHeld, harbour.clock.pending]).toEqual([false, 0])
  })

  test('that resigned while it was being elected is not elected', async () => {
    const harbour = new Harbour()
    const ada = harbour.contender('ada')
    const answer = withheld(ada.store, 'takeSeat')
    const electing = ada.step()
    await turn()
    ada.stepDown()
    answer.letGo()
    await electing
    await ada.letGo()
    await ada.step()
    expect([harbour.log, ada.isHeld, (await row(ada)).holder]).toEqual([[], false, undefined])
  })

  test('that could not give the seat back tries again when it is asked again', async () => {
    const harbour = new Harbour()
    const ada = await harbour.elected('ada')
    failing(ada.store, 'resignSeat')
    ada.stepDown()
    await expect(ada.letGo()).rejects.toThrow('resignSeat failed')
    expect((await row(ada)).holder?.id).toBe('ada')
    const bob = harbour.contender('bob')
    await ada.letGo()
    await bob.step()
    expect(bob.isHeld).toBe(true)
  })
})
