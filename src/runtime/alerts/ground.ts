import { durationMs } from '../../core/options/duration.ts'
import type { ScheduleAlerts } from '../../core/alerts/config.ts'
import type { Mute, MuteWindow } from '../../core/alerts/hush.ts'
import type { AlertLimits, AlertPolicy } from '../../core/alerts/rules/policy.ts'
import { firstInstantMs, instantMs } from '../../core/trigger/instant.ts'
import type { AlertSettings } from '../../settings/settings.ts'

/** The settings as the rules take them. */
export function policyFrom(settings: AlertSettings): AlertPolicy {
  const { startWithinMs, runsAtMostMs, failures, recoveries, overlaps, schedules = {} } = settings
  return {
    limits: {
      startWithinMs,
      successWithinMs: undefined,
      runsAtMostMs,
      runsAtLeastMs: undefined,
      failures,
      recoveries,
      overlaps
    },
    schedules: new Map(Object.entries(schedules).map(([id, own]) => [id, ownLimits(own)])),
    queueAgeMs: settings.queueAgeMs,
    queueDepth: settings.queueDepth,
    without: new Set(settings.without)
  }
}

/** The schedules that have to succeed within a time, in milliseconds, by their ids. */
export const successWithinOf = ({ schedules = {} }: Pick<AlertSettings, 'schedules'>): Map<string, number> =>
  new Map(
    Object.entries(schedules).flatMap(([id, { successWithin }]) =>
      successWithin === undefined ? [] : [[id, durationMs(successWithin)] as const]
    )
  )

/** What is not given is left out, so that it does not hide what applies to all. */
function ownLimits({
  startWithin,
  successWithin,
  runsAtMost,
  runsAtLeast,
  failures
}: ScheduleAlerts): Partial<AlertLimits> {
  return {
    ...(startWithin !== undefined && { startWithinMs: durationMs(startWithin) }),
    ...(successWithin !== undefined && { successWithinMs: durationMs(successWithin) }),
    ...(runsAtMost !== undefined && { runsAtMostMs: durationMs(runsAtMost) }),
    ...(runsAtLeast !== undefined && { runsAtLeastMs: durationMs(runsAtLeast) }),
    ...(failures !== undefined && { failures })
  }
}

export const windowsOf = (mutes: readonly Mute[] = []): MuteWindow[] =>
  mutes.map(({ from, until, ...rest }) => ({
    ...rest,
    fromMs: from === undefined ? firstInstantMs : instantMs('mutes', from),
    untilMs: instantMs('mutes', until)
  }))
