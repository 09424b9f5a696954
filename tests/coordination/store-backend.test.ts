import { StoreBackend } from '../../src/coordination/store-backend.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { Contender } from './contender.ts'
import { testSeats } from './contract.ts'
import { sharedBooks } from './shared-books.ts'

const TTL_MS = 900

testSeats({
  name: 'the books',
  open: async () => {
    const clock = new ManualClock()
    const { connect } = sharedBooks(clock)
    const log: string[] = []
    return {
      contender: name => {
        const holder = { id: name, host: 'harbour', pid: 1 }
        const store = connect()
        const backend = new StoreBackend({ store, clock, holderId: name, renewEveryMs: TTL_MS / 3 })
        return new Contender({ holder, store, backend, clock, ttlMs: TTL_MS, log, die: () => undefined })
      },
      ttlMs: TTL_MS,
      pass: ms => clock.advance(ms),
      forget: undefined,
      log,
      close: async () => undefined
    }
  }
})
