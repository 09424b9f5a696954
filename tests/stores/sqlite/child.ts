import { writeSync } from 'node:fs'

import { systemClock } from '../../../src/clock/system.ts'
import type { ClaimedJob } from '../../../src/core/job/job.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import type { SyncTransaction } from '../../../src/core/job/handler.ts'
import type { SqliteStore } from '../../../src/sqlite.ts'
import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'

/** A process of its own beside the test: the file to work on, and what to do. It begins at the first message. */
const [file, role] = process.argv.slice(2) as [string, keyof typeof roles]

const roles = {
  /** Opens the store as an app does when it starts. */
  open: async () => {
    const store = await openSqliteStore({ file, clock: systemClock })
    tell({ id: store.id })
    await store.close()
  },
  /** Claims and completes until nothing is left; tells what it claimed. */
  claim: async () => {
    const store = await openSqliteStore({ file, clock: systemClock })
    const claimed: [id: string, fence: number][] = []
    for (let jobs = await claim(store); jobs.length > 0; jobs = await claim(store)) {
      claimed.push(...jobs.map(({ id, fence }): [string, number] => [id, fence]))
      await store.settle(
        jobs.map(({ id, fence }) => ({ id, fence, outcome: { kind: 'completed', result: undefined } }))
      )
    }
    tell({ claimed })
    await store.close()
  },
  /** Holds the write lock until the next message. */
  hold: async () => {
    const database = openDriver(file)
    database.exec('BEGIN IMMEDIATE')
    tell({ holds: true })
    await message()
    database.exec('COMMIT')
    database.close()
  },
  /** Stands still for good within a transaction, after its writes and before its commit. */
  stall: async () => {
    const store = await openSqliteStore({ file, clock: systemClock })
    const [job] = await claim(store)
    await store.transact(job!, tx => {
      ;(tx as SyncTransaction).exec("INSERT INTO arrival (ship) VALUES ('Aurora')")
      // Not by a message: those are sent when the event loop turns.
      writeSync(1, 'inside')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
      return undefined
    })
  }
}

async function claim(store: SqliteStore): Promise<readonly ClaimedJob[]> {
  const request = {
    node: `node-${process.pid}`,
    tasks: ['report'],
    queues: undefined,
    limit: 20,
    mayTakeSolo: false
  }
  return (await store.claim(request)).jobs
}

const tell = (answer: object): boolean | undefined => process.send?.(answer)
const message = (): Promise<unknown> => new Promise(resolve => process.once('message', resolve))

await message()
await roles[role]()
process.disconnect()
