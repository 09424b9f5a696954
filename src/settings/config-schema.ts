import * as v from 'valibot'
import { isAppLogger } from '../core/app-logger.ts'
import { durationMs } from '../core/duration.ts'
import { isEscapementError } from '../core/errors.ts'
import { isName, NAME_TAKES } from '../core/names.ts'
import { orphanPolicies } from '../core/orphans.ts'
import { seatBackends, SHORTEST_SEAT_TTL_MS } from './coordination.ts'
import { isRoleList, ROLES_TAKE } from './roles.ts'
import { LONGEST_LOOK_MS, SHORTEST_AGING_MS, SHORTEST_LOOK_MS, topologies } from './settings.ts'
import { isTimezone, TIMEZONE_TAKES } from './timezone.ts'

/** An optional setting; `takes` is the message of its issue, so that an error can say it. */
function setting<T>(takes: string, isTaken: (value: unknown) => boolean) {
  return v.optional(v.custom<T>(isTaken, takes))
}

const isString = (value: unknown): value is string => typeof value === 'string'
const isFunction = (value: unknown): boolean => typeof value === 'function'
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const wholeNumber = (least: number, most: number) =>
  setting<number>(
    `a whole number from ${least} to ${most}`,
    value => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
  )

const duration = (leastMs = 0, mostMs = Infinity) =>
  setting<number | string>(
    `a duration: whole milliseconds, or a text such as "90s" or "5m"${leastMs > 0 ? `, at least ${leastMs} ms` : ''}${mostMs < Infinity ? `, at most ${mostMs} ms` : ''}`,
    value => {
      const ms = millisecondsOf(value)
      return ms !== undefined && ms >= leastMs && ms <= mostMs
    }
  )

function millisecondsOf(value: unknown): number | undefined {
  return passing(() => durationMs(value as number | string))
}

function passing<T>(check: () => T): T | undefined {
  try {
    return check()
  } catch (error) {
    if (isEscapementError(error)) return undefined
    throw error
  }
}

const choice = <T extends string>(...choices: readonly T[]) =>
  setting<T>(choices.map(each => `"${each}"`).join(' or '), value => choices.includes(value as T))

const isTask = (value: unknown): boolean => isObject(value) && isFunction(value['handler']) && isString(value['name'])
const isSchedule = (value: unknown): boolean => isObject(value) && isFunction(value['define']) && isString(value['id'])
const isConcurrency = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 10_000
const isQueueMap = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length > 0 &&
  Object.entries(value).every(([name, concurrency]) => isName(name) && isConcurrency(concurrency))
const isLogger = (value: unknown): boolean => value === false || isAppLogger(value)

const isWeb = (value: unknown): boolean =>
  (isString(value) && value !== '') || isFunction(value) || (isObject(value) && isFunction(value['fetch']))

const boolean = setting<boolean>('true or false', value => typeof value === 'boolean')

/** An optional group of settings, with no other keys than these. */
function group<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.optional(v.strictObject(entries, 'an object'))
}

/** The form of `EscapementConfig`. The message of each issue is what the setting takes. */
export const configSchema = v.strictObject(
  {
    name: setting<string>(NAME_TAKES, isName),
    database: setting<string>('a text such as "sqlite:escapement.db", "postgres://…" or "memory:"', isString),
    tasks: setting('a list of what task() answers', value => Array.isArray(value) && value.every(isTask)),
    schedules: setting('a list of what schedule() answers', value => Array.isArray(value) && value.every(isSchedule)),
    roles: setting(ROLES_TAKE, isRoleList),
    topology: choice(...topologies),
    web: setting('a (request, response) handler, an object with a fetch handler, or the path of a module', isWeb),
    setup: setting('a function', isFunction),
    release: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    orphans: choice(...orphanPolicies),
    defaults: group({
      timezone: setting<string>(TIMEZONE_TAKES, value => isString(value) && isTimezone(value)),
      misfireGraceTime: duration(),
      coalesce: choice('latest', 'earliest', 'all'),
      maxInstances: wholeNumber(1, 10_000)
    }),
    worker: group({
      concurrency: wholeNumber(1, 10_000),
      queues: setting('queue names, each with a whole number from 1 to 10000, such as { mail: 5 }', isQueueMap),
      interval: duration(SHORTEST_LOOK_MS, LONGEST_LOOK_MS),
      priorityAging: duration(SHORTEST_AGING_MS)
    }),
    lease: group({ ttl: duration(3), renewEvery: duration(1) }),
    coordination: group({
      backend: choice(...seatBackends),
      lockPath: setting<string>('the path of a file', value => isString(value) && value !== ''),
      allowNetworkDisk: boolean,
      redisUrl: setting<string>('a text such as "redis://127.0.0.1:6379"', isString),
      allowEviction: boolean,
      ttl: duration(SHORTEST_SEAT_TTL_MS),
      renewEvery: duration(1)
    }),
    shutdownGrace: duration(),
    abortGrace: duration(),
    retention: group({ ledger: duration(), unsuccessful: duration() }),
    sqlite: group({ synchronous: choice('normal', 'full') }),
    postgres: group({
      schema: setting<string>('the name of a schema, such as "escapement"', isString),
      poolSize: wholeNumber(3, 1_000),
      listenUrl: setting<string>('a text such as "postgres://…"', isString)
    }),
    logger: setting('false, or an object with the functions debug, info, warn and error, or some of them', isLogger)
  },
  'an object'
)
