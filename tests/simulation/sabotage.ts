import type { AttemptKey } from '../../src/core/job/job.ts'
import type { MemoryBooks } from '../../src/stores/memory/books.ts'
import type { Sabotage } from './world.ts'

/** Writes decisions whatever has changed since they were read: the compare of the compare-and-set is gone (rule 1). */
export const ignoringGuards: Sabotage = (store, books) => ({
  ...store,
  writeSchedules: writes =>
    store.writeSchedules(writes.map(write => ({ ...write, guard: books.schedules.get(write.state.id) })))
})

/** Writes the effects of every attempt, also of one that has been taken from its node (rules 7 and 17). */
export const ignoringFences: Sabotage = (store, books) => ({
  ...store,
  transact: (attempt, body) => {
    const { transaction, commit } = books.effects.begin()
    const result = body(transaction)
    commit()
    return store.transact(currentAttempt(books, attempt), () => result)
  }
})

function currentAttempt(books: MemoryBooks, attempt: AttemptKey): AttemptKey {
  return { id: attempt.id, fence: books.jobs.get(attempt.id)?.fence ?? attempt.fence }
}

/** Never frees what a dead node held (rule 8). */
export const neverRescuing: Sabotage = store => ({ ...store, rescue: async () => [] })

/** Forgets one ledger row in a hundred: the job runs, and no record says why. */
export function forgettingRows(): Sabotage {
  let rows = 0
  return store => ({
    ...store,
    writeSchedules: writes =>
      store.writeSchedules(writes.map(write => ({ ...write, ledger: write.ledger.filter(() => ++rows % 100 !== 0) })))
  })
}

/** Decides every fire time of one schedule a second too early, as under another trigger than the one written down. */
export const decidingEarly: Sabotage = store => ({
  ...store,
  writeSchedules: writes =>
    store.writeSchedules(
      writes.map(write =>
        write.state.id === 'schedule-7'
          ? {
              ...write,
              ledger: write.ledger.map(row => ({
                ...row,
                fireAt: row.fireAt - 1_000,
                lastFireAt: row.lastFireAt - 1_000
              }))
            }
          : write
      )
    )
})
