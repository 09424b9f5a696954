import type { Coalesce } from '../core/schedule.ts'
import {
  parseBoolean,
  parseCoalesce,
  parseLogLevel,
  parseLogStream,
  type LogStream,
  parseSeconds,
  parseTimezone,
  parseToken,
  parseTopology,
  wholeNumber
} from './environment-values.ts'
import { parseSeatBackend, type SeatBackendName } from './coordination.ts'
import { invalidSetting } from './invalid.ts'
import { parseRoles } from './roles.ts'
import { LONGEST_LOOK_MS, type Role, type Settings, SHORTEST_LOOK_MS, type Topology } from './settings.ts'
import type { VariableName } from './variables.ts'

const MOST_PROCESSES = 1_000

/** What the environment says, read and checked. A variable that is empty or blank counts as not set. */
export interface EnvironmentSettings {
  readonly isProduction: boolean
  readonly database: { readonly url: string; readonly variable: string } | undefined
  readonly schema: string | undefined
  readonly topology: Topology | undefined
  readonly enableScheduler: boolean | undefined
  readonly roles: readonly Role[] | undefined
  readonly webProcesses: number | undefined
  readonly workerProcesses: number | undefined
  readonly host: string | undefined
  readonly port: number | undefined
  readonly schedulerPort: number | undefined
  readonly workerPort: number | undefined
  readonly apiEnabled: boolean | undefined
  readonly apiToken: string | undefined
  readonly timezone: string | undefined
  readonly coalesce: Coalesce | undefined
  readonly maxInstances: number | undefined
  readonly misfireGraceMs: number | undefined
  readonly release: number | undefined
  readonly logLevel: Settings['logLevel'] | undefined
  readonly logStream: LogStream | undefined
  readonly concurrency: number | undefined
  readonly lookEveryMs: number | undefined
  readonly runDirectory: string | undefined
  readonly seatBackend: SeatBackendName | undefined
  readonly lockPath: string | undefined
  readonly redisUrl: string | undefined
}

/** Reads all of `variables`. */
export function readEnvironment(env: NodeJS.ProcessEnv): EnvironmentSettings {
  const read = <T>(variable: VariableName, parse: (text: string, variable: string) => T): T | undefined => {
    const text = env[variable]?.trim()
    return text === undefined || text === '' ? undefined : parse(text, variable)
  }
  const database = (text: string, variable: string): { url: string; variable: string } => ({ url: text, variable })
  const asWritten = (text: string): string => text
  return {
    isProduction: read('NODE_ENV', asWritten) === 'production',
    database: read('ESCAPEMENT_DATABASE_URL', database) ?? read('DATABASE_URL', database),
    schema: read('ESCAPEMENT_DATABASE_SCHEMA', asWritten),
    topology: read('ESCAPEMENT_TOPOLOGY', parseTopology),
    enableScheduler: read('ENABLE_SCHEDULER', parseBoolean),
    roles: read('ESCAPEMENT_ROLES', parseRoles),
    webProcesses: read('WEB_CONCURRENCY', wholeNumber(0, MOST_PROCESSES)),
    workerProcesses: read('WORKER_PROCESSES', wholeNumber(0, MOST_PROCESSES)),
    host: read('HOST', asWritten),
    port: read('PORT', portNumber),
    schedulerPort: read('SCHEDULER_PORT', portNumber),
    workerPort: read('WORKER_PORT', portNumber),
    apiEnabled: read('SCHEDULER_API_ENABLED', parseBoolean),
    apiToken: read('SCHEDULER_API_TOKEN', parseToken),
    timezone: read('SCHEDULER_TIMEZONE', parseTimezone),
    coalesce: read('SCHEDULER_COALESCE', parseCoalesce),
    maxInstances: read('SCHEDULER_MAX_INSTANCES', wholeNumber(1, 10_000)),
    misfireGraceMs: read('SCHEDULER_MISFIRE_GRACE_TIME', parseSeconds),
    release: read('ESCAPEMENT_RELEASE', wholeNumber(0, Number.MAX_SAFE_INTEGER)),
    logLevel: read('ESCAPEMENT_LOG_LEVEL', parseLogLevel),
    logStream: read('ESCAPEMENT_LOG_STREAM', parseLogStream),
    concurrency: read('WORKER_CONCURRENCY', wholeNumber(1, 10_000)),
    lookEveryMs: read('WORKER_INTERVAL', parseInterval),
    runDirectory: read('ESCAPEMENT_RUN_DIR', asWritten),
    seatBackend: read('ESCAPEMENT_COORDINATION', parseSeatBackend),
    lockPath: read('LOCK_PATH', asWritten),
    redisUrl: read('REDIS_URL', asWritten)
  }
}

const portNumber = wholeNumber(0, 65_535)

function parseInterval(text: string, variable: string): number {
  const ms = parseSeconds(text, variable)
  if (ms >= SHORTEST_LOOK_MS && ms <= LONGEST_LOOK_MS) return ms
  throw invalidSetting(variable, text, `a duration from ${SHORTEST_LOOK_MS} ms to ${LONGEST_LOOK_MS / 60_000} min`)
}
