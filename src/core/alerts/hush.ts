import type { Instant } from '../trigger/instant.ts'
import { localTime } from '../trigger/zone/zone.ts'
import type { Incident } from './incident.ts'
import type { AlertRule } from './rule.ts'

/** Hours in which only critical rules are delivered. `from` later than `until`: they span midnight. */
export interface QuietHours {
  /** Local time, `HH:MM`. */
  readonly from: string
  /** Local time, `HH:MM`; quiet ends with it. */
  readonly until: string
  /** The zone of both. @default 'UTC' */
  readonly timezone?: string
}

/** A window in which nothing is told of some incidents, and why. */
export interface Mute {
  /** Of this schedule only. @default everything */
  readonly schedule?: string
  /** Of this rule only. @default every rule */
  readonly rule?: AlertRule
  /** A Date, epoch milliseconds, or an ISO 8601 text with an offset. @default from always */
  readonly from?: Instant
  /** A Date, epoch milliseconds, or an ISO 8601 text with an offset. */
  readonly until: Instant
  /** For those who ask why nobody was told. */
  readonly reason: string
}

/** A mute with its instants in epoch milliseconds. */
export interface MuteWindow extends Pick<Mute, 'schedule' | 'rule' | 'reason'> {
  readonly fromMs: number
  readonly untilMs: number
}

export function isQuiet(hours: QuietHours | undefined, now: number): boolean {
  if (hours === undefined) return false
  const { from, until, timezone = 'UTC' } = hours
  const time = localTime(timezone, now).local.slice(11, 16)
  return from <= until ? from <= time && time < until : from <= time || time < until
}

export const isMuted = (mutes: readonly MuteWindow[], { rule, subject }: Incident, now: number): boolean =>
  mutes.some(
    mute =>
      mute.fromMs <= now && now < mute.untilMs && (mute.schedule ?? subject) === subject && (mute.rule ?? rule) === rule
  )
