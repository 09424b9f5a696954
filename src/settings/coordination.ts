import { resolve } from 'node:path'
import { EscapementError } from '../core/errors.ts'
import { REDIS_URL, urlProblem } from '../core/url-problem.ts'
import { invalidSetting } from './invalid.ts'
import { renewalTimes, type RenewalTimes } from './renewal-times.ts'

/** Who holds a seat is decided by the books, by a lock of the operating system on a file, or by a lock in Redis. */
export const seatBackends = ['store', 'file', 'redis'] as const
export type SeatBackendName = (typeof seatBackends)[number]

/** The shortest time that a seat may be held for without a renewal. */
export const SHORTEST_SEAT_TTL_MS = 300

/** How it is decided who holds a seat. All of it is optional. */
export interface CoordinationConfig {
  /** Default `ESCAPEMENT_COORDINATION`, else `file` with books in SQLite and `store` with others. */
  readonly backend?: SeatBackendName
  /**
   * `file`: the lock file of the seat "primary", on a local disk; those of other seats lie beside it. Default `LOCK_PATH`, else
   * beside the file of the books, with ".lock" added to its name.
   */
  readonly lockPath?: string
  /** `file`: use a lock file on a network disk all the same, where two hosts may both get it. Default false. */
  readonly allowNetworkDisk?: boolean
  /** `redis`: `redis://` or `rediss://`; default `REDIS_URL`. */
  readonly redisUrl?: string
  /** `redis`: use a server that may drop the lock when its memory is full all the same. Default false. */
  readonly allowEviction?: boolean
  /** `store`, `redis`: how long a holder may be silent until another one takes over; at least 300 ms, default 15 s. */
  readonly ttl?: number | string
  /** At most a third of `ttl`; default 5 s. */
  readonly renewEvery?: number | string
}

export type CoordinationSettings = RenewalTimes &
  (
    | { readonly backend: 'store' }
    /** Without a path: beside the file of the books. */
    | { readonly backend: 'file'; readonly lockPath: string | undefined; readonly allowNetworkDisk: boolean }
    | { readonly backend: 'redis'; readonly url: string; readonly allowEviction: boolean }
  )

export interface CoordinationSources {
  readonly code: CoordinationConfig | undefined
  readonly environment: {
    readonly seatBackend: SeatBackendName | undefined
    readonly lockPath: string | undefined
    readonly redisUrl: string | undefined
  }
  /** Whether a lock file can lie beside the books. */
  readonly hasLockFile: boolean
}

/** @throws EscapementError `config-invalid` for what the chosen back end needs and was not given. */
export function coordinationOf({ code = {}, environment, hasLockFile }: CoordinationSources): CoordinationSettings {
  const times = renewalTimes(code, 'coordination')
  const backend = code.backend ?? environment.seatBackend ?? (hasLockFile ? 'file' : 'store')
  if (backend === 'store') return { ...times, backend }
  if (backend === 'redis') {
    const url = redisUrl(code.redisUrl, environment.redisUrl)
    return { ...times, backend, url, allowEviction: code.allowEviction ?? false }
  }
  const lockPath = code.lockPath ?? environment.lockPath
  if (lockPath === undefined && !hasLockFile) throw missing('file', 'the path of a lock file', 'lockPath', 'LOCK_PATH')
  return {
    ...times,
    backend,
    lockPath: lockPath === undefined ? undefined : resolve(lockPath),
    allowNetworkDisk: code.allowNetworkDisk ?? false
  }
}

/** It may hold a password: an error never repeats it. */
function redisUrl(code: string | undefined, environment: string | undefined): string {
  const url = code ?? environment
  if (url === undefined) throw missing('redis', 'the address of a Redis server', 'redisUrl', 'REDIS_URL')
  const problem = urlProblem(url, REDIS_URL)
  if (problem === undefined) return url
  const setting = code === undefined ? 'REDIS_URL' : '"coordination.redisUrl"'
  throw new EscapementError(
    'config-invalid',
    `${setting} is no address of a Redis server; it takes redis://… or rediss://… ${problem}.`
  )
}

const missing = (backend: string, what: string, setting: string, variable: string): EscapementError =>
  new EscapementError(
    'config-invalid',
    `Coordination by "${backend}" takes ${what}: set "coordination.${setting}" or ${variable}.`
  )

export function parseSeatBackend(text: string, variable: string): SeatBackendName {
  const backend = seatBackends.find(each => each === text.toLowerCase())
  if (backend === undefined) throw invalidSetting(variable, text, seatBackends.map(each => `"${each}"`).join(', '))
  return backend
}
