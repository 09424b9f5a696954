import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system.ts'
import { timezoneData } from '../core/trigger/timezone-data.ts'
import { newId } from '../new-id.ts'
import { openStore } from './open-store.ts'
import { Enqueuer } from '../operations/enqueue/enqueuer.ts'
import { Operator } from '../operations/operator.ts'
import { ScheduleWriter } from '../operations/schedule-writer.ts'
import { currentAttempt } from '../runtime/attempts/current-attempt.ts'
import { bootId, host as hostName } from '../runtime/process-facts.ts'
import { compareWithOthers } from '../runtime/time/first-time.ts'
import { SteadyClock } from '../runtime/time/steady-clock.ts'
import { storeClock } from '../runtime/time/store-clock.ts'
import type { Settings } from '../settings/settings.ts'
import type { OpenOptions } from '../store/kind.ts'
import type { Store } from '../store/store.ts'
import { kindOf } from '../stores/store-kinds.ts'

/** What an app needs to use its books, even if it runs nothing. */
export interface OpenBooks {
  readonly store: Store
  /** The store's time. */
  readonly clock: Clock
  readonly operator: Operator
  readonly scheduleWriter: ScheduleWriter
  readonly enqueuer: Enqueuer
}

/** @throws EscapementError `store-unavailable`, `migration-mismatch` */
export async function openBooks(
  settings: Settings,
  callerId: string,
  options: Pick<OpenOptions, 'signal' | 'onOlderNodes'> = {}
): Promise<OpenBooks> {
  const host = kindOf(settings.database).clock === 'database' ? systemClock : new SteadyClock(systemClock)
  const store = await openStore(settings, { clock: host, ...options })
  const nodeId = (): string => callerId
  const operator = new Operator({ store, timezoneData, nodeId, newId })
  const scheduleWriter = new ScheduleWriter({ store, timezoneData, nodeId, newId })
  try {
    if (host instanceof SteadyClock) await compareWithOthers(store, host, { host: hostName, bootId: bootId() })
    const clock = await storeClock(store, host)
    const enqueuer = new Enqueuer(store, { clock, newId, currentAttempt: () => currentAttempt.getStore() })
    return { store, clock, operator, scheduleWriter, enqueuer }
  } catch (error) {
    await store.close()
    throw error
  }
}
