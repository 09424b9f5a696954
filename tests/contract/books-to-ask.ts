import { incident } from '../core/alerts/sights.ts'
import { expect } from 'vitest'
import { createEscapement, cron, every, type Escapement, schedule, task } from '../../src/index.ts'
import { systemClock } from '../../src/clock/system.ts'
import { timezoneData } from '../../src/core/trigger/timezone-data.ts'
import { apiWritesOf } from '../../src/app/api/writes.ts'
import { Escapement as App } from '../../src/app/escapement.ts'
import { managementApi } from '../../src/http/api.ts'
import { newId } from '../../src/new-id.ts'
import { Operator } from '../../src/operations/operator.ts'

export const facts = { name: 'web.1', pid: 42, host: 'here', roles: ['web'], version: '0.1.0' }

/** Books in which each list has something: schedules of each phase, jobs of each fate, nodes, queues and a seat. */
export interface Asked {
  readonly api: (request: Request) => Promise<Response>
  readonly ids: { readonly schedules: readonly string[]; readonly jobs: readonly string[] }
  /** Of the jobs one that has completed, and one that waits. */
  readonly jobs: { readonly finished: string; readonly waiting: string }
  /** What went wrong inside, of which callers learn nothing. */
  readonly faults: Error[]
  end(): Promise<void>
}

/** What each request presents. */
export const TOKEN = 'a-token-of-sixteen'
/** Some are deleted while others are asked for. */
const ROUNDS = 8
const works = task<number>('works', { handler: ({ payload }) => ({ doubled: payload * 2 }) })
const fails = task('fails', { maxAttempts: 1, handler: () => Promise.reject(new Error('no', { cause: 'none' })) })
const later = task<string>('later', { handler: () => undefined, queue: 'slow', redact: ['secret'] })

export async function booksToAsk(database: string): Promise<Asked> {
  const schedules = [
    schedule('often', { task: works, trigger: every('1s'), payload: 1 }),
    schedule('night/ly', { task: later, trigger: cron('0 2 * * *', { timezone: 'Europe/Berlin' }), payload: 'x' }),
    schedule('paused', { task: fails, trigger: every('1h') })
  ]
  const app = createEscapement({ database, tasks: [works, fails, later], schedules, logger: false })
  await app.start()
  await app.schedules.pause('paused', { note: 'for <b>now</b>' })
  const jobs: string[] = []
  for (let round = 0; round < ROUNDS; round++) jobs.push(...(await enqueueOfEachFate(app, round)))
  const seat = app.onPrimary({ onElected: () => undefined })
  const store = await app.store()
  await expect.poll(() => store.latestLedger('often', 1)).toHaveLength(1)
  await store.reportIncident(incident({ id: 'the-incident' }))
  const faults: Error[] = []
  const operator = new Operator({ store, timezoneData, nodeId: () => 'fuzz', newId })
  const books = { store, operator, clock: systemClock }
  const api = managementApi({
    use: use => use(books),
    operate: change => change(books),
    writes: apiWritesOf(App.insideOf(app)),
    clock: systemClock,
    process: facts,
    redis: () => Promise.resolve(null),
    token: TOKEN,
    newId,
    successWithin: new Map(),
    serves: 'all',
    report: error => faults.push(error)
  })
  const end = async (): Promise<void> => {
    void seat
    await app.stop({ graceMs: 0 })
  }
  const [finished, , waiting] = jobs as [string, string, string]
  const ids = { schedules: schedules.map(({ id }) => id), jobs }
  return { api, ids, jobs: { finished, waiting }, faults, end }
}

async function enqueueOfEachFate(app: Escapement, round: number): Promise<string[]> {
  const done = await app.enqueue(works, 21)
  const failed = await app.enqueue(fails, null)
  const waiting = await app.enqueue(later, 'soon', { delay: '1h', uniqueKey: `one ${round}` })
  const patient = await app.enqueue(later, 'in a year', { delay: '365d' })
  const cancelled = await app.enqueue(later, 'never', { delay: '1h' })
  await app.jobs.cancel(cancelled.id)
  await app.jobs.result(done.id)
  await app.jobs.result(failed.id).catch(() => undefined)
  return [done, failed, waiting, patient, cancelled].map(({ id }) => id)
}
