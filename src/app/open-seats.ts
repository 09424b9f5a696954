import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system.ts'
import type { SeatBackend } from '../coordination/backend.ts'
import { newId } from '../new-id.ts'
import { Seats, type SeatsOptions } from '../runtime/seats/seats.ts'
import type { Settings } from '../settings/settings.ts'
import type { SeatHolder } from '../store/seats.ts'
import type { Store } from '../store/store.ts'
import { kindOf } from '../stores/store-kinds.ts'

/** The seats that this app stands for. */
export function seatsOf(
  { coordination, abortGraceMs }: Pick<Settings, 'coordination' | 'abortGraceMs'>,
  own: Pick<SeatsOptions, 'holder' | 'events' | 'taskOf'>
): Seats {
  const { ttlMs, renewEveryMs } = coordination
  const { holder, events, taskOf } = own
  return new Seats({
    ttlMs,
    renewEveryMs,
    holder,
    clock: systemClock,
    events,
    random: Math.random,
    patienceMs: abortGraceMs,
    newId,
    taskOf
  })
}

export interface SeatGround {
  readonly store: Store
  readonly clock: Clock
  readonly holder: SeatHolder
}

/**
 * Opens the back end of seats that the settings name, and loads only that one.
 *
 * @throws EscapementError `seat-refused` or `seat-unavailable` for faults that only a person can fix.
 */
export async function openSeatBackend(
  settings: Pick<Settings, 'coordination' | 'database'>,
  ground: SeatGround
): Promise<SeatBackend> {
  const backend = await backendOf(settings, ground)
  await backend.prepare()
  return backend
}

async function backendOf(
  { coordination, database }: Pick<Settings, 'coordination' | 'database'>,
  { store, clock, holder }: SeatGround
): Promise<SeatBackend> {
  if (coordination.backend === 'store') {
    const { StoreBackend } = await import('../coordination/store-backend.ts')
    return new StoreBackend({ store, clock, holderId: holder.id, renewEveryMs: coordination.renewEveryMs })
  }
  if (coordination.backend === 'redis') {
    const { RedisBackend } = await import('../coordination/redis-backend.ts')
    const { redisUrl: url, allowEviction, ttlMs, renewEveryMs } = coordination
    return new RedisBackend({
      clock,
      booksId: store.id,
      holderId: holder.id,
      url,
      allowEviction,
      ttlMs,
      renewEveryMs
    })
  }
  const [{ FileBackend }, { openDriver }] = await Promise.all([
    import('../coordination/file-backend.ts'),
    import('../stores/sqlite/connection/driver.ts')
  ])
  const { allowNetworkDisk } = coordination
  // If the kind of store has no place for a lock file, the settings have required a path.
  const lockPath = coordination.lockPath ?? (await kindOf(database).lockPath!(database))
  return new FileBackend({ clock, holder, lockPath, allowNetworkDisk, openDatabase: openDriver })
}
