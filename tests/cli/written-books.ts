import { join } from 'node:path'
import { create, pause, resume } from '../../src/core/schedule/change.ts'
import { type Decision, type DecisionContext, decide } from '../../src/core/schedule/decide.ts'
import { timezoneData } from '../../src/core/trigger/timezone-data.ts'
import { every } from '../../src/core/trigger/every.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { definition } from '../core/schedule/schedule-history.ts'
import { emptyFolder } from './run-cli.ts'

const DAY = 86_400_000

export interface WrittenBooks {
  readonly file: string
  readonly url: string
  /** The fire time of the n-th day, from 0. */
  readonly day: (n: number) => number
  /** Runs SQL against the file, behind the back of Escapement. */
  readonly tamper: (sql: string) => void
}

/**
 * Books of a daily schedule that began ten and a half days ago, so that its next fire time is half a day away: fired on
 * days 0, 1, 4, 8, 9 and 10, coalesced on 2 and 3, paused on 5 and 6, overlapped on 7.
 */
export async function writeBooks(): Promise<WrittenBooks> {
  const file = join(emptyFolder(), 'app.db')
  const began = Date.now() - 10.5 * DAY
  const day = (n: number): number => began + n * DAY
  const clock = new ManualClock(began - 1)
  const store = await openSqliteStore({ file, clock })
  const at = (now: number, liveJobs = 0): DecisionContext => {
    clock.set(now)
    return { now, liveJobs, timezoneData, node: 'n' }
  }
  const write = async (decideOn: (state: Decision['state'] | undefined) => Decision): Promise<void> => {
    const before = (await store.readSchedules(['daily'])).schedules[0]?.state
    const { state, ledger, jobs, timeline } = decideOn(before)
    const answers = await store.writeSchedules([{ guard: before, state, ledger, jobs, timeline }])
    if (answers[0] !== 'written') throw new Error(`the write was answered with "${answers[0]}"`)
  }
  const trigger = every('1d', { start: began }).toJSON()
  const declaration = { id: 'daily', definition: definition({ trigger, task: 'mail' }), app: 'default', release: 0 }
  await write(() => create(declaration, at(began - 1)))
  const decideOn = (n: number, liveJobs = 0): Promise<void> => write(state => decide(state!, at(day(n) + 20, liveJobs)))
  await decideOn(0)
  await decideOn(1)
  await decideOn(4)
  await write(state => pause(state!, at(day(4.5))))
  await write(state => resume(state!, at(day(6.5))))
  await decideOn(7, 1)
  await decideOn(8)
  await decideOn(9)
  await decideOn(10)
  await store.close()
  return { file, url: `sqlite:${file}`, day, tamper: sql => tamper(file, sql) }
}

function tamper(file: string, sql: string): void {
  const database = openDriver(file)
  database.exec(sql)
  database.close()
}
