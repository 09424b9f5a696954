import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { inTime, type Lateness, latenessTogether } from '../node/lateness.ts'
import { type Registering, registerSchedules } from '../node/register.ts'
import { withScratchFile } from './scratch.ts'

export const lateness = (schedules: number): Promise<Lateness> =>
  inTime(schedules, leadMs =>
    withScratchFile(file => latenessTogether(`sqlite:${file}`, { schedules, leadMs, recorded: () => recorded(file) }))
  )

export const registering = (schedules: number): Promise<Registering> =>
  withScratchFile(file => registerSchedules(`sqlite:${file}`, schedules))

function recorded(file: string): number {
  const database = openDriver(file)
  const { fired } = database.prepare('SELECT count(DISTINCT schedule_id) AS fired FROM escapement_ledger').get() as {
    fired: number
  }
  database.close()
  return fired
}
