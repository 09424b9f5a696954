import { Client } from 'pg'
import { atLeast, type Bar, median } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { query } from './contestants/sql.ts'
import { type Feeder, withFeeder } from './feeder.ts'
import { fill } from './load.ts'
import { withAddresses } from './servers.ts'

const BACKLOG = 10_000
const JOBS_PER_SECOND = 2_500
const BURST_MS = 3_000
const URGENT_EVERY_MS = 100

/**
 * Holds a transaction open under a steady load, which leaves one or more dead rows per job. Then measures, while it is
 * still held, how fast a backlog is worked off, next to other books with the same load at the same time and without the
 * transaction: a transaction holds back only the rows of its own database.
 */
export async function bloatBars(run: Run): Promise<Bar[]> {
  const { seconds, isQuick, tell } = run
  const burst = { ms: isQuick ? 200 : BURST_MS, urgentEveryMs: URGENT_EVERY_MS }
  const servers = await run.servers.start()
  const rounds = await withAddresses(servers, ({ postgres: held }) =>
    withAddresses(servers, async ({ postgres: free }) => {
      for (const database of [held, free]) await fill(database, BACKLOG)
      return withOpenTransaction(held, () =>
        withFeeder(held, beside =>
          withFeeder(free, async alone => {
            tell(`a transaction is open for ${seconds} s`)
            await Promise.all([beside, alone].map(feeder => steadily(feeder, seconds)))
            return inRounds(run, async tellStep => {
              tellStep('as fast as it can')
              return { beside: await beside.feed(burst), alone: await alone.feed(burst) }
            })
          })
        )
      )
    })
  )
  return [
    atLeast(0.8, {
      name: `beside a transaction held open for ${seconds} s, fed and drained`,
      value: median(rounds.map(({ beside }) => beside.jobsPerSecond)),
      unit: 'jobs/s',
      against: 'the same without it',
      reference: median(rounds.map(({ alone }) => alone.jobsPerSecond))
    })
  ]
}

const steadily = (feeder: Feeder, seconds: number) =>
  feeder.feed({ ms: seconds * 1_000, jobsPerSecond: JOBS_PER_SECOND, urgentEveryMs: URGENT_EVERY_MS })

/** One that has written, as a forgotten session's would: it holds back every row that dies after it. */
async function withOpenTransaction<T>(database: string, use: () => Promise<T>): Promise<T> {
  await query(database, 'CREATE TABLE forgotten (id integer)')
  const client = new Client(database)
  await client.connect()
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO forgotten VALUES (1)')
  try {
    return await use()
  } finally {
    await client.query('ROLLBACK')
    await client.end()
  }
}
