import type { ApiWrites } from '../../http/api-writes.ts'
import type { ApiGround } from './ground.ts'
import { RunTimeSchedules } from '../calls/run-time-schedules.ts'

/** The changes of the management API that need the tasks of this app. */
export function apiWritesOf({ settings, caller, events }: ApiGround): ApiWrites {
  const schedules = new RunTimeSchedules(caller, settings, events)
  return {
    putSchedule: (id, options, change, expected) => schedules.put(id, options, change, expected),
    updateSchedule: (id, options, change, expected) => schedules.update(id, options, change, expected)
  }
}
