import { resolve } from 'node:path'
import { EscapementError } from '../core/errors.ts'
import { REDIS_URL, urlProblem } from '../core/options/url-problem.ts'
import type { Environment } from './environment.ts'
import { renewalTimes, type RenewalTimes } from './renewal-times.ts'
import type { ConfigOf } from './row.ts'
import { coordination } from './rows/holding.ts'
import { originOf, valuesOf } from './values-of.ts'

/** How a seat's holder is decided. All settings are optional. */
export type CoordinationConfig = ConfigOf<typeof coordination>

export type CoordinationSettings = RenewalTimes &
  (
    | { readonly backend: 'store' }
    /** Without a path: next to the file of the books. */
    | { readonly backend: 'file'; readonly lockPath: string | undefined; readonly allowNetworkDisk: boolean }
    | { readonly backend: 'redis'; readonly redisUrl: string; readonly allowEviction: boolean }
  )

interface CoordinationSources {
  readonly code: CoordinationConfig | undefined
  readonly environment: Environment
  /** Whether a lock file can lie next to the books. */
  readonly hasLockFile: boolean
}

/** @throws EscapementError `config-invalid` when the chosen back end lacks a setting that it needs. */
export function coordinationOf({ code, environment, hasLockFile }: CoordinationSources): CoordinationSettings {
  const values = valuesOf(coordination, { code, environment })
  const { backend = hasLockFile ? 'file' : 'store', lockPath, redisUrl } = values
  const { ttlMs, renewEveryMs } = renewalTimes(values, 'coordination')
  if (backend === 'store') return { backend, ttlMs, renewEveryMs }
  if (backend === 'redis') {
    const from = originOf(coordination.redisUrl, code?.redisUrl, environment)
    assertRedisUrl(redisUrl, from === 'code' ? '"coordination.redisUrl"' : from)
    return { backend, ttlMs, renewEveryMs, redisUrl, allowEviction: values.allowEviction }
  }
  if (lockPath === undefined && !hasLockFile) throw missing('file', 'the path of a lock file', 'lockPath', 'LOCK_PATH')
  return {
    backend,
    ttlMs,
    renewEveryMs,
    lockPath: lockPath === undefined ? undefined : resolve(lockPath),
    allowNetworkDisk: values.allowNetworkDisk
  }
}

/** It may hold a password: an error never repeats it. */
function assertRedisUrl(url: string | undefined, setting: string): asserts url is string {
  if (url === undefined) throw missing('redis', 'the address of a Redis server', 'redisUrl', 'REDIS_URL')
  const problem = urlProblem(url, REDIS_URL)
  if (problem === undefined) return
  throw new EscapementError(
    'config-invalid',
    `${setting} is not an address of a Redis server; it takes redis://… or rediss://… ${problem}.`
  )
}

const missing = (backend: string, what: string, setting: string, variable: string): EscapementError =>
  new EscapementError(
    'config-invalid',
    `Coordination by "${backend}" takes ${what}: set "coordination.${setting}" or ${variable}.`
  )
