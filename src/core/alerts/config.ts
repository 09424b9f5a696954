import { isDuration } from '../options/duration.ts'
import { isName } from '../options/names.ts'
import { type Instant, instantMs } from '../trigger/instant.ts'
import { localTime } from '../trigger/zone/zone.ts'
import type { AlertChannel } from './channel.ts'
import { alertRules } from './rule.ts'

/** What is different for one schedule. A duration is milliseconds, or a text such as "5m". */
export interface ScheduleAlerts {
  /** @default `alerts.startWithin` */
  readonly startWithin?: number | string
  /** The longest time without a success. @default by its fire times */
  readonly successWithin?: number | string
  /** @default `alerts.runsAtMost` */
  readonly runsAtMost?: number | string
  /** The shortest a run may take. @default a tenth of the median of 20 runs that the books keep */
  readonly runsAtLeast?: number | string
  /** @default `alerts.failures` */
  readonly failures?: number
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isOf = (value: unknown, forms: Readonly<Record<string, (value: unknown) => boolean>>): boolean =>
  isObject(value) &&
  Object.entries(value).every(
    ([key, member]) => Object.hasOwn(forms, key) && (member === undefined || forms[key]!(member))
  )

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isTime = (value: unknown): boolean => typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value)
const isRule = (value: unknown): boolean => (alertRules as readonly unknown[]).includes(value)

function doesNotThrow(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch {
    return false
  }
}

const isMoment = (value: unknown): boolean => doesNotThrow(() => instantMs('', value as Instant))
const isZone = (value: unknown): boolean => doesNotThrow(() => localTime(value as string, 0))

export const isChannelList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((each: Partial<AlertChannel> | null) => isName(each?.name) && typeof each?.send === 'function') &&
  new Set(value.map(({ name }: AlertChannel) => name)).size === value.length

export const isRuleList = (value: unknown): boolean => Array.isArray(value) && value.every(isRule)

export const isQuietHours = (value: unknown): boolean =>
  isOf(value, { from: isTime, until: isTime, timezone: isZone }) && 'from' in Object(value) && 'until' in Object(value)

const muteForms = { schedule: isName, rule: isRule, from: isMoment, until: isMoment, reason: isText }
export const isMuteList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(each => isOf(each, muteForms) && each.until !== undefined && each.reason !== undefined)

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100
const scheduleForms = {
  startWithin: isDuration,
  successWithin: isDuration,
  runsAtMost: isDuration,
  runsAtLeast: isDuration,
  failures: isCount
}
/** So many schedules are looked at in each pass, whether or not anything seems to be wrong with them. */
export const MAX_NAMED_SCHEDULES = 200
export const isScheduleMap = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length <= MAX_NAMED_SCHEDULES &&
  Object.entries(value).every(([id, each]) => isName(id) && isOf(each, scheduleForms))
