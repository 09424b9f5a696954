import { hostname } from 'node:os'
import { systemClock } from '../../clock/system.ts'
import { isEscapementError } from '../../core/errors.ts'
import type { ApiFacts, AppFacts, DatabaseFacts, Facts, SeatFacts } from '../../doctor/facts.ts'
import { newId } from '../../new-id.ts'
import { openSeatBackend } from '../../app/open-seats.ts'
import { isProduction, readEnvironment } from '../../settings/environment.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Store } from '../../store/store.ts'
import { aheadSchedules, overdueSchedules } from '../../views/overdue.ts'
import { gatherOwners } from '../../views/owners.ts'

/** Gathers everything that `escapement doctor` judges. Its only change: it may create the folder of the lock files. */
export async function gatherFacts(store: Store, settings: Settings): Promise<Facts> {
  const { now, overdue } = await overdueSchedules(store)
  const nodes = await store.listNodes()
  const ahead = await aheadSchedules(store)
  return {
    now,
    reach: store.traits.reach,
    topology: settings.topologyFrom === 'default' ? undefined : settings.topology,
    leaseTtlMs: settings.lease.ttlMs,
    nodes,
    owners: await gatherOwners(store, nodes),
    overdue,
    ahead,
    backlogs: await store.taskBacklogs(),
    api: apiFacts(settings),
    app: appFacts(settings),
    database: await databaseFacts(store),
    seats: await seatFacts(store, settings)
  }
}

function appFacts({ schedules, defaults, alerts, logger, log }: Settings): AppFacts | undefined {
  if (schedules.length === 0) return undefined
  return {
    isProduction: isProduction(readEnvironment(process.env)),
    channels: alerts.channels?.length ?? 0,
    isLogging: logger === undefined ? log.level !== 'silent' : logger !== false,
    zone: defaults.timezone ?? 'UTC',
    hostZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    instances: schedules.map(({ id, define }) => ({ id, most: define(defaults).maxInstances }))
  }
}

function apiFacts({ api }: Settings): ApiFacts {
  return {
    isEnabled: api.enabled,
    isProduction: isProduction(readEnvironment(process.env)),
    hasCredentials: api.token !== undefined
  }
}

async function databaseFacts(store: Store): Promise<DatabaseFacts> {
  const skewMs = await store.clockSkewMs?.()
  return { skewMs, ...(await store.diagnose?.()) }
}

async function seatFacts(store: Store, settings: Settings): Promise<SeatFacts> {
  const { backend } = settings.coordination
  return { backend, seats: await store.listSeats(), refusal: await refusalOf(store, settings) }
}

async function refusalOf(store: Store, settings: Settings): Promise<SeatFacts['refusal']> {
  const holder = { id: newId(), host: hostname(), pid: process.pid }
  try {
    const backend = await openSeatBackend(settings, { store, clock: systemClock, holder })
    await backend.close()
    return undefined
  } catch (error) {
    if (!isEscapementError(error)) throw error
    const { code, message } = error
    if (code !== 'seat-refused' && code !== 'seat-unavailable') throw error
    return { code, message }
  }
}
